#!/bin/sh
# Renews the API token in FILE once it is time, then runs COMMAND if one is given.
# FILE holds one line, LATCHKEY_TOKEN=..., and belongs to whoever runs this.
# Silent when all is well. Otherwise it says why, leaves FILE as it was, and ends
# with 1. The token stands in no argument and in nothing that is printed.
set -eu
umask 077
url=https://tokens.example

fail() {
  echo "latchkey-renew: $*" >&2
  exit 1
}

# field NAME: what the answer says there.
field() {
  sed -n 's/.*"'"$1"'": *"\([^"]*\)".*/\1/p' "$answer" | head -n 1
}

# ask METHOD PATH: puts the answer into $answer. Asking twice does no harm.
ask() {
  status=$(printf 'Authorization: Bearer %s\n' "$token" |
    curl --silent --show-error --max-time 30 --retry 4 --retry-max-time 120 \
      -X "$1" -H @- -o "$answer" -w '%{http_code}' "$url$2") ||
    fail "$file: no answer from $url"
  [ "$status" = 200 ] || fail "$file: $url answered $status. $(field detail)"
}

[ $# -gt 0 ] || fail 'usage: latchkey-renew FILE [COMMAND [ARGUMENT ...]]'
file=$1
shift
[ -r "$file" ] || fail "$file cannot be read"
[ "$(grep -c '' "$file")" = 1 ] || fail "$file does not hold one line"
token=$(sed -n 's/^LATCHKEY_TOKEN=//p' "$file")
[ -n "$token" ] || fail "$file holds no LATCHKEY_TOKEN="

# Both lie beside FILE, so that taking its place is one step.
trap 'rm -f "${answer-}" "${next-}"' EXIT
trap 'exit 1' HUP INT TERM
answer=$(mktemp "$file.XXXXXX")
next=$(mktemp "$file.XXXXXX")

ask GET /api/v1/token
from=$(field renew_from | cut -c 1-10 | tr -d -)
[ -n "$from" ] || fail "$file: this token cannot be renewed, or does not expire"
[ "$(date -u +%Y%m%d)" -ge "$from" ] || exit 0

ask POST /api/v1/token/renew
sed -n 's/.*"token": *"\(lk[ad]_[0-9A-Za-z]\{38\}\)".*/LATCHKEY_TOKEN=\1/p' "$answer" >"$next"
[ -s "$next" ] || fail "$file: the answer holds no token"
sync
mv -f "$next" "$file"
[ $# -eq 0 ] || "$@"
