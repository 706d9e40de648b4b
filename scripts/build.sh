#!/usr/bin/env bash
# Builds target/release/latchkey, the front end inside it. Does nothing when nothing changed since it last did.
set -euo pipefail
source "$(dirname "$0")/ground.sh"

binary=target/release/latchkey
built=target/release/.latchkey-built

# What the last build made, and with what: any other build of the same file shows here.
fingerprint() { rustc --version && cksum "$binary"; }

# Left out: what does not become part of the binary.
has_newer_sources() {
  [[ -n "$(find . -mindepth 1 \
    \( -path ./.git -o -path ./target -o -path ./node_modules -o -path ./data -o -path ./.ci \
    -o -path ./scripts -o -path ./tests -o -path ./benches -o -path ./end2end -o -path ./examples \) -prune \
    -o -newer "$built" -print -quit)" ]]
}

is_current() {
  [[ -x "$binary" && -f "$built" && "$(<"$built")" == "$(fingerprint)" ]] && ! has_newer_sources
}

scripts/setup.sh
if is_current; then
  say "the release is up to date"
  exit
fi
if [[ ! -x "$binary" ]]; then
  say "building the release: the first time about 15 minutes on two cores"
fi
mkdir -p target/release
began=$(mktemp target/release/.began.XXXXXX)
trap 'rm -f "$began"' EXIT
cargo leptos build --release --precompress
# The time of the beginning: what is changed while the build runs is newer than the build.
fingerprint >"$built"
touch -r "$began" "$built"
