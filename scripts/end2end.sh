#!/usr/bin/env bash
# Runs the journeys against target/release/latchkey, as it was built; arguments go to Playwright.
set -euo pipefail
source "$(dirname "$0")/ground.sh"

scripts/setup.sh browser
[[ -x target/release/latchkey ]] || fail "There is no release to test: run make build first."
cd end2end
exec playwright test "$@"
