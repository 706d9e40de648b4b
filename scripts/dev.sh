#!/usr/bin/env bash
# Builds for development, serves, and builds again when a file changes.
set -euo pipefail
source "$(dirname "$0")/ground.sh"

scripts/setup.sh
exec cargo leptos watch -- serve
