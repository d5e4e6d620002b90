#!/usr/bin/env bash
# The verbs that PKN has always had, by the name that it has always had: the same program as ./pkn. Works with the bash 3.2 of macOS.
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
  help                 everything else that there is: models, config, doctor, ...

PKN_PORT (8010), PKN_HOST (127.0.0.1), PKN_HOME (~/.pkn) and PKN_ENGINE_PORT (8000) are honoured.
TEXT
}

if [ $# -eq 0 ]; then
  usage >&2
  exit 2
fi
case "$1" in
  -h | --help)
    usage
    exit 0
    ;;
esac
exec "$BASH" "$(dirname "$self")/pkn" "$@"
