#!/usr/bin/env bash
# Every check and every test: the Rust tests on SQLite and PostgreSQL, then the journeys in a browser against the release.
set -euo pipefail
source "$(dirname "$0")/check.sh"

started=
finish() {
  if [[ -n "$started" ]]; then scripts/postgres.sh stop "$started"; fi
  print_steps
}
trap finish EXIT

# A database that is named already is used as it is. Without one the tests that need it are skipped, and say so.
postgres() {
  [[ -z "${LATCHKEY_TEST_POSTGRES_URL:-}" ]] || return 0
  local answer
  if answer=$(scripts/postgres.sh start); then
    eval "$answer"
    started=$LATCHKEY_TEST_POSTGRES_HOME
  elif in_ci; then
    fail "PostgreSQL is missing, and no run that counts goes without it."
  else
    say "going on without PostgreSQL: its tests are SKIPPED"
  fi
}

step "set-up" scripts/setup.sh browser
step "PostgreSQL" postgres
check
step "release build" scripts/build.sh
step "journeys in a browser" scripts/end2end.sh
say "all checks and tests passed"
