#!/usr/bin/env bash
# Sets up what is missing, and says what it does and how long it may take. Quick and silent when nothing is.
#   scripts/setup.sh            what a build needs
#   scripts/setup.sh browser    what the tests need, too: a browser for the journeys, a mail server, nginx and Caddy, Schemathesis
set -euo pipefail
source "$(dirname "$0")/ground.sh"

rust() {
  has cargo || fail "Rust is missing: install it from https://rustup.rs, then run this again."
  has cc || fail "A C compiler is missing (SQLite is built from its source): on Debian, apt-get install build-essential."
  [[ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]] && return
  has rustup || fail "This Rust has no wasm32-unknown-unknown target and no rustup to add it: install Rust from https://rustup.rs."
  say "adding the WASM target to Rust (a minute at most)"
  rustup target add wasm32-unknown-unknown
}

# install CRATE@VERSION MINUTES [ARGUMENT…]: as a finished program where cargo-binstall finds one, else from source.
install() {
  local crate=$1 minutes=$2
  shift 2
  if has cargo-binstall; then
    say "installing $crate into $tools"
    cargo binstall --no-confirm --disable-strategies compile --root "$tools" "$crate" && return
  fi
  say "compiling $crate into $tools: once, about $minutes minutes on two cores"
  # Set for these compilations only: a tool is run a few times, a release is built to be fast.
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install --locked --ignore-rust-version --root "$tools" "$crate" "$@"
}

rust_tools() {
  bindgen_serves || install "wasm-bindgen-cli@$wasm_bindgen" 3
  leptos_serves || install "cargo-leptos@$cargo_leptos" 12 --features no_downloads
}

# The lock file is kept beside what it installed: equal files mean that nothing changed since.
npm_packages() {
  local installed=node_modules/.installed-lock.json
  cmp -s package-lock.json "$installed" && return
  has npm || fail "Node.js 20 or newer with npm is missing (Tailwind, wasm-opt and the browser tests come from npm): on Debian, apt-get install nodejs npm."
  say "installing the npm packages (half a minute)"
  npm ci --loglevel=error
  cp package-lock.json "$installed"
}

is_debian() { [[ -r /etc/os-release ]] && (source /etc/os-release && [[ "${ID:-}" == debian ]]); }

has_browser() {
  [[ -x "${CHROMIUM:-/usr/bin/chromium}" ]] ||
    node -e 'process.exit(fs.existsSync(require("@playwright/test").chromium.executablePath()) ? 0 : 1)'
}

browser() {
  has_browser && return
  say "installing Chromium for the browser tests (a few minutes)"
  if is_debian && can_be_root; then
    as_root apt-get update >&2 && apt_install chromium && return
  fi
  # Where nobody is there to be asked, the system libraries that Chromium wants come along.
  local wanted=(chromium)
  if in_ci; then wanted+=(--with-deps); fi
  playwright install "${wanted[@]}" || fail "No browser could be installed: install Chromium and name it in CHROMIUM."
}

# python_packages FOLDER PIP_ARGUMENT…: into a folder of its own, the packages of the system's Python are not ours to touch.
python_packages() {
  local folder=$1 unfinished="$1.unfinished"
  shift
  if ! python3 -m pip --version >/dev/null 2>&1; then
    is_debian && can_be_root || return 1
    as_root apt-get update >&2 && apt_install python3 python3-pip || return 1
  fi
  rm -rf "$unfinished"
  mkdir -p "$tools"
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check \
    --target "$unfinished" "$@" >&2 || return 1
  rm -rf "$folder"
  mv "$unfinished" "$folder"
}

mail_server() {
  has_mail_server && return
  say "installing aiosmtpd, a mail server for the tests (seconds; a minute if Python's pip is missing)"
  python_packages "$aiosmtpd" --no-deps aiosmtpd==1.4.6 atpublic==6.0.2 attrs==25.3.0 && return
  if in_ci; then fail "aiosmtpd is missing, and no run that counts goes without it: install Python 3 with pip."; fi
  say "aiosmtpd could not be installed (Python 3 with pip is needed): the tests that send mail to it are SKIPPED"
}

api_tester() {
  has_schemathesis && return
  say "installing Schemathesis, which calls the API by its document (seconds)"
  python_packages "$schemathesis" schemathesis==4.32.5 && return
  if in_ci; then fail "Schemathesis is missing, and no run that counts goes without it: install Python 3.10 or newer with pip."; fi
  say "Schemathesis could not be installed (Python 3.10 or newer with pip is needed): its test is SKIPPED"
}

# The one script of /api/docs, packed as browsers take it, and the licences of all that is in it; the server is compiled with
# these files in it.
api_page() {
  local script=node_modules/@scalar/api-reference/dist/browser/standalone.js packed=target/scalar file stale=
  for file in standalone.js.gz standalone.js.br licences.txt; do
    [[ "$packed/$file" -nt "$script" && "$packed/$file" -nt scripts/licences.mjs ]] || stale=1
  done
  [[ -n "$stale" ]] || return 0
  say "packing the page of the API (seconds)"
  node scripts/pack.mjs "$script" "$packed"
  node scripts/licences.mjs "$script" "$packed/licences.txt"
}

# Debian's own packages, unpacked into a folder of ours: installed, they would begin to serve on port 80 of this machine.
unpack_proxies() {
  is_debian && has apt-get || return 1
  local folder
  folder=$(mktemp -d)
  (cd "$folder" && apt-get download -qq "$@" 2>/dev/null >&2) ||
    { can_be_root && as_root apt-get update >&2 && (cd "$folder" && apt-get download "$@" >&2); } || return 1
  mkdir -p "$proxies"
  local package
  for package in "$folder"/*.deb; do dpkg-deb --extract "$package" "$proxies" || return 1; done
  rm -rf "$folder"
  "$(proxy_path nginx)" -v 2>/dev/null && "$(proxy_path caddy)" version >/dev/null
}

proxies_of_the_tests() {
  local missing=() name
  for name in nginx caddy; do proxy_path "$name" >/dev/null || missing+=("$name"); done
  ((${#missing[@]})) || return 0
  say "fetching ${missing[*]} for the tests of examples/ (10 MB)"
  unpack_proxies "${missing[@]}" && return
  if in_ci; then fail "nginx or Caddy is missing, and no run that counts goes without them: install both."; fi
  say "nginx and Caddy could not be fetched (Debian's packages are wanted): the tests through them are SKIPPED"
}

rust
rust_tools
npm_packages
api_page
if [[ "${1:-}" == browser ]]; then
  browser
  mail_server
  api_tester
  proxies_of_the_tests
fi
