#!/usr/bin/env bash
# All that can be checked without a browser: formatting, lints of both halves and of the example, the Rust tests.
# Debug builds only, and one set of flags for all, so that each crate is compiled once for each purpose.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/ground.sh"

formatting() { cargo fmt --check; }

lints_of_the_server() { cargo clippy --locked --features ssr --all-targets -- -D warnings; }

# In the folder and the profile of the release build: its macros and build scripts are compiled once for both.
lints_of_the_browser() {
  cargo clippy --locked --lib --features hydrate --target wasm32-unknown-unknown \
    --profile wasm-release --target-dir target/front -- -D warnings
}

# A crate on its own feet; its debug build in target/examples is the one that the Rust tests run.
example() { (cd examples/fleet_api && cargo "$1" --locked --target-dir ../../target/examples "${@:2}"); }
lints_of_the_example() { (cd examples/fleet_api && cargo fmt --check) && example clippy --all-targets -- -D warnings; }
tests_of_the_example() { example test && example build; }

lints_of_the_scripts() { shellcheck scripts/*.sh .ci/run; }

# Compiling included; as a rule it is a third of that.
rust_test_minutes=50

# Where a run has an end anyhow: says before it which tests hang, and on which processes they wait, and ends them.
mind_the_time() {
  local log=$1 rest
  sleep "$((rust_test_minutes * 60))" >/dev/null 2>&1 &
  rest=$!
  trap 'kill "$rest"; exit' TERM
  wait "$rest"
  say "the Rust tests have taken $rust_test_minutes minutes. These hang:"
  grep -oP '^test \K\S+(?= has been running)' "$log" | grep -vxFf <(grep -oP '^test \K\S+(?= \.\.\. )' "$log") >&2 || say "none: it is slow"
  ps -eo pid,ppid,etime,wchan:24,args --forest >&2
  pkill -KILL --parent "$(pgrep --parent $$ --exact cargo)"
}

# Set up by scripts/setup.sh browser; without, the tests that need a mail server, a proxy or Schemathesis are skipped, and say so.
rust_tests() {
  local path
  if [[ -z "${LATCHKEY_TEST_NGINX:-}" ]] && path=$(proxy_path nginx); then export LATCHKEY_TEST_NGINX=$path; fi
  if [[ -z "${LATCHKEY_TEST_CADDY:-}" ]] && path=$(proxy_path caddy); then export LATCHKEY_TEST_CADDY=$path; fi
  if [[ -z "${LATCHKEY_TEST_AIOSMTPD:-}" ]] && has_mail_server; then export LATCHKEY_TEST_AIOSMTPD=$aiosmtpd; fi
  if [[ -z "${LATCHKEY_TEST_SCHEMATHESIS:-}" ]] && has_schemathesis; then export LATCHKEY_TEST_SCHEMATHESIS=$schemathesis; fi
  local log=target/rust-tests.log clock='' ended=0
  mkdir -p target
  if in_ci; then
    mind_the_time "$log" &
    clock=$!
  fi
  cargo test --locked --features ssr > >(tee "$log") || ended=$?
  if [[ -n "$clock" ]]; then kill "$clock" 2>/dev/null || true; fi
  return "$ended"
}

check() {
  step "formatting" formatting
  if has shellcheck; then step "lints of the scripts" lints_of_the_scripts; fi
  if has cargo-machete; then step "unused dependencies" cargo machete; fi
  if has cargo-deny; then step "licences and advisories" cargo deny check; fi
  step "lints of the server" lints_of_the_server
  step "lints of the browser's half" lints_of_the_browser
  step "lints of the example" lints_of_the_example
  step "tests of the example" tests_of_the_example
  step "Rust tests" rust_tests
}

# scripts/test.sh takes the steps as they are, into a table of its own.
if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then
  trap print_steps EXIT
  scripts/setup.sh
  check
fi
