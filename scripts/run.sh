#!/usr/bin/env bash
# Builds the release and starts it on the defaults; the server prints the address to open.
set -euo pipefail
source "$(dirname "$0")/ground.sh"

scripts/build.sh
exec target/release/latchkey serve
