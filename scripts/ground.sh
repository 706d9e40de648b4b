# shellcheck shell=bash
# What every script stands on: the project's folder, the tools on PATH, and how a script speaks.
# Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

tools="${XDG_CACHE_HOME:-$HOME/.cache}/latchkey/tools"
cargo_leptos=0.3.11
# The one place that names wasm-bindgen's version is Cargo.lock: the tool must equal the crate.
wasm_bindgen=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3 }' Cargo.lock)
# The mail server of the tests, in a folder for PYTHONPATH.
aiosmtpd="$tools/aiosmtpd-1.4.6"
# What calls the API by its own document, the same way.
schemathesis="$tools/schemathesis-4.32.5"
# Where the proxies of the tests are unpacked when the system has none of its own.
proxies="$tools/proxies"

PATH="$root/node_modules/.bin:$PATH:$HOME/.cargo/bin:$tools/bin"

say() { printf '%s\n' "latchkey: $*" >&2; }
fail() {
  say "$*"
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# The version that a tool reports of itself; nothing when it is missing.
version_of() { "$@" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1; }

# The patch releases of one minor serve; an older one lacks what we ask of it.
leptos_serves() {
  local found
  found=$(version_of cargo leptos)
  [[ "${found%.*}" == "${cargo_leptos%.*}" && "${found##*.}" -ge "${cargo_leptos##*.}" ]]
}
bindgen_serves() { [[ "$(version_of wasm-bindgen)" == "$wasm_bindgen" ]]; }
has_schemathesis() { [[ -d "$schemathesis" ]] && has python3; }

# proxy_path nginx|caddy: the program that the system has, or else the one that was unpacked for the tests; nothing when there is none.
# Where Debian keeps nginx is not on everybody's PATH.
proxy_path() { PATH="$PATH:/usr/sbin:$proxies/usr/sbin:$proxies/usr/bin" command -v "$1"; }

has_mail_server() { [[ -d "$aiosmtpd" ]] && has python3; }

# Tools of another version come first on PATH? Then ours must come before them.
if ! leptos_serves || ! bindgen_serves; then
  PATH="$root/node_modules/.bin:$tools/bin:$PATH"
fi
export PATH

in_ci() { [[ "${CI:-false}" == true || "${CI:-}" == 1 ]]; }

# As root, or through sudo where a person can be asked or none needs to be.
can_be_root() { [[ $(id -u) == 0 ]] || { has sudo && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; }; }
as_root() { if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi; }
apt_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2; }

# step NAME COMMAND…: runs one part, and remembers how long it took for the table at the end.
steps=()
step() {
  local name=$1 began=$SECONDS
  shift
  say "$name …"
  if "$@"; then
    steps+=("$(printf '%4d:%02d  %s' $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)) "$name")")
  else
    steps+=("$(printf '%4d:%02d  %s  FAILED' $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)) "$name")")
    return 1
  fi
}
print_steps() {
  ((${#steps[@]})) || return 0
  say "minutes spent"
  printf '  %s\n' "${steps[@]}" >&2
}
