#!/usr/bin/env bash
# A PostgreSQL server for the tests: in a folder of its own, on loopback, forgotten when it stops.
#   eval "$(scripts/postgres.sh start)"    exports LATCHKEY_TEST_POSTGRES_URL and LATCHKEY_TEST_POSTGRES_HOME
#   scripts/postgres.sh stop [HOME]
set -euo pipefail
source "$(dirname "$0")/ground.sh"

# Where the server's own programs are; packages keep them off PATH.
find_programs() {
  local folder
  for folder in "$(pg_config --bindir 2>/dev/null || true)" \
    $(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse) \
    "$(dirname "$(command -v initdb || true)")"; do
    if [[ -x "$folder/initdb" && -x "$folder/pg_ctl" ]]; then
      programs=$folder
      return
    fi
  done
  return 1
}

# A server installed for the tests must not start one that nobody asked for.
install_programs() {
  has apt-get && can_be_root || return 1
  say "installing PostgreSQL for the tests (a minute)"
  local settings=/etc/postgresql-common/createcluster.conf installed=true
  as_root apt-get update >&2
  apt_install postgresql-common || return 1
  as_root pg_conftool "$settings" set create_main_cluster false
  apt_install postgresql || installed=false
  as_root pg_conftool "$settings" remove create_main_cluster
  $installed
}

# The server refuses to run as root: root lends it to the user that its package made.
as_server() {
  if [[ $(id -u) == 0 ]]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

# Nothing here outlives the run: what protects from a power cut only costs time.
settings() {
  cat <<EOT
listen_addresses = '127.0.0.1'
unix_socket_directories = '$home'
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
EOT
}

# Below the range from which systems hand out ports to outgoing connections.
start_somewhere() {
  local attempt
  for attempt in 1 2 3 4 5 6 7 8; do
    port=$((20000 + (RANDOM + attempt) % 12000))
    as_server "$programs/pg_ctl" start --silent --wait --timeout=60 --pgdata="$home/data" --log="$home/log" \
      --options="-c port=$port" >&2 && return
  done
  cat "$home/log" >&2
  return 1
}

start() {
  find_programs || { install_programs && find_programs; } || {
    say "PostgreSQL is not installed and could not be: on Debian, apt-get install postgresql."
    exit 1
  }
  if [[ $(id -u) == 0 ]] && ! id postgres >/dev/null 2>&1; then
    say "PostgreSQL does not run as root, and there is no user postgres to run it as."
    exit 1
  fi
  # Not under TMPDIR: a socket's path is short, and the server's user must reach it.
  home=$(mktemp -d /tmp/latchkey-postgres.XXXXXX)
  trap 'stop "$home"' EXIT
  local password
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && printf '%s' "$password" >"$home/password")
  if [[ $(id -u) == 0 ]]; then chown -R postgres "$home"; fi
  as_server "$programs/initdb" --pgdata="$home/data" --username=latchkey --pwfile="$home/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync --no-instructions >"$home/initdb.log" 2>&1 || {
    cat "$home/initdb.log" >&2
    exit 1
  }
  settings | as_server tee -a "$home/data/postgresql.conf" >/dev/null
  start_somewhere || exit 1
  trap - EXIT
  printf 'export LATCHKEY_TEST_POSTGRES_HOME=%q\n' "$home"
  printf 'export LATCHKEY_TEST_POSTGRES_URL=%q\n' "postgres://latchkey:$password@127.0.0.1:$port/postgres"
}

stop() {
  local home=$1
  [[ "$home" == /tmp/latchkey-postgres.* && -d "$home" ]] || return 0
  if [[ -f "$home/data/postmaster.pid" ]]; then
    find_programs
    as_server "$programs/pg_ctl" stop --silent --mode=immediate --wait --pgdata="$home/data" >&2
  fi
  rm -rf "$home"
}

case "${1:-}" in
  start) start ;;
  stop) stop "${2:-${LATCHKEY_TEST_POSTGRES_HOME:-}}" ;;
  *) fail "usage: scripts/postgres.sh start | stop [HOME]" ;;
esac
