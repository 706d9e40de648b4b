#!/usr/bin/env bash
# Every benchmark, one after the other; docs/PERFORMANCE.md says what they printed.
set -euo pipefail
source "$(dirname "$0")/ground.sh"

# The nginx of the tests serves here, too; without one its rows are left out.
if [[ -z "${LATCHKEY_TEST_NGINX:-}" ]] && path=$(proxy_path nginx); then export LATCHKEY_TEST_NGINX=$path; fi
cargo bench --locked --features ssr --bench verify --bench list_page --bench due_notices --bench durable_creates
