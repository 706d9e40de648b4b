#!/usr/bin/env bash
# Builds target/release/latchkey, the front end inside it.
set -euo pipefail
source "$(dirname "$0")/ground.sh"

scripts/setup.sh
if [[ ! -x target/release/latchkey ]]; then
  say "building the release: the first time about 15 minutes on two cores"
fi
cargo leptos build --release --precompress
