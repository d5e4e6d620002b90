#!/usr/bin/env bash
# Sets up what is missing, then hands over to the control command. Works with the bash 3.2 of macOS.
set -euo pipefail

# The script may be called through a link from elsewhere; readlink -f is not on every macOS.
self=${BASH_SOURCE[0]}
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case "$target" in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
root=$(cd "$(dirname "$self")" && pwd -P)
verb=${1:-}

usage() {
  cat <<'TEXT'
usage: ./pkn_control.sh VERB

  start-all            gets a model if there is none, starts everything, and says where to open it
  stop-all             stops what was started
  status               what runs, where and since when

  start-divinenode     the server            stop-divinenode   restart-divinenode
  start-llama          the model engine      stop-llama
  start-ollama         Ollama, if installed  stop-ollama
  logs                 the server's log, as it is written
  test                 all tests

PKN_PORT (8010), PKN_HOST (127.0.0.1), PKN_HOME (~/.pkn) and PKN_ENGINE_PORT (8000) are honoured.
TEXT
}

fail() {
  echo "pkn: $*" >&2
  exit 1
}

need_node() {
  command -v node >/dev/null 2>&1 || fail "Node.js 20 or later is needed; see https://nodejs.org/en/download"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || fail "Node.js 20 or later is needed, but $(command -v node) is $(node --version); see https://nodejs.org/en/download"
  command -v npm >/dev/null 2>&1 || fail "npm is needed; it comes with Node.js, see https://nodejs.org/en/download"
}

# npm writes node_modules/.package-lock.json at the end of a complete installation.
need_packages() {
  local done_mark="$root/node_modules/.package-lock.json"
  if [ -f "$done_mark" ] && ! [ "$root/package-lock.json" -nt "$done_mark" ]; then return; fi
  echo "Installing packages, once ..."
  # A registry that lacks the packages of other systems makes npm ci refuse; npm install then takes the same versions from the lock file.
  (cd "$root" && npm ci --no-audit --no-fund --loglevel=silent) >/dev/null 2>&1 ||
    (cd "$root" && npm install --no-save --no-audit --no-fund --loglevel=error) >/dev/null ||
    fail "the packages could not be installed; see above"
  touch "$done_mark"
}

need_page() {
  [ -f "$root/src/web/index.html" ] || return 0
  local built="$root/dist/web/index.html"
  if [ -f "$built" ] && [ -z "$(find "$root/src/web" "$root/src/client" "$root/src/wire" "$root/vite.config.ts" -newer "$built" -type f 2>/dev/null | head -n 1)" ]; then return; fi
  echo "Building the page ..."
  local out
  out=$(cd "$root" && npm run --silent build 2>&1) || {
    echo "$out" >&2
    fail "the page could not be built"
  }
}

need_browser() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then return; fi
  done
  if [ -d "/Applications/Google Chrome.app" ]; then return; fi
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing chromium for the tests in a browser ..."
    if (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium) >/dev/null 2>&1; then return; fi
  fi
  echo "No chromium or google-chrome is installed: the tests in a browser (test/e2e) are skipped."
}

case "$verb" in
  start-all | stop-all | status | logs | start-divinenode | stop-divinenode | restart-divinenode | \
    start-llama | stop-llama | start-ollama | stop-ollama | test) ;;
  help | -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

need_node
need_packages
export PATH="$root/node_modules/.bin:$PATH"
case "$verb" in
  start-all | start-divinenode | restart-divinenode | test) need_page ;;
esac
if [ "$verb" = test ]; then
  need_browser
  cd "$root"
  exec npm test
fi
exec node "$root/src/cli/control.ts" "$@"
