#!/bin/sh
# Puts the renewed token into the Secret "latchkey": latchkey-renew runs it. If that
# fails, the Secret keeps the old token, and the next run is given the same new one.
set -eu
umask 077
account=/var/run/secrets/kubernetes.io/serviceaccount
api=https://kubernetes.default.svc
secret=$api/api/v1/namespaces/$(cat "$account/namespace")/secrets/latchkey

printf 'Authorization: Bearer %s\n' "$(cat "$account/token")" >"$1.headers"
printf '{"stringData":{"LATCHKEY_TOKEN":"%s"}}' "$(sed -n 's/^LATCHKEY_TOKEN=//p' "$1")" |
  curl --silent --show-error --fail --max-time 30 --retry 4 --retry-max-time 120 \
    --cacert "$account/ca.crt" -X PATCH -H "@$1.headers" \
    -H 'Content-Type: application/merge-patch+json' --data @- -o /dev/null "$secret"
