#!/usr/bin/env bash
# Runs every ```bash block of README.md, in order, against a server and a ledger of their own.
#
#   tests/readme_test.sh PATH_OF_JIELI
set -euo pipefail
jieli=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
server=
clean() {
  if [[ -n $server ]]; then kill "$server" || true; fi
  rm -rf "$work"
}
trap clean EXIT
mkdir "$work/bin"
ln -s "$jieli" "$work/bin/jieli"
ln -s "$root/config" "$work/config"
cd "$work"
export PATH=$work/bin:$PATH
unset JIELI_TOKEN

: >log
jieli serve --listen 127.0.0.1:0 2>log &
server=$!
for ((tries = 0; tries < 200; ++tries)); do
  port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\)$/\1/p' log)
  if [[ -n $port ]] || ! kill -0 "$server"; then break; fi
  sleep 0.05
done
if [[ -z $port ]]; then
  cat log >&2
  exit 1
fi

awk '/^```/ { inside = $0 == "```bash"; if (inside) file = sprintf("block-%02d", ++count); next }
     inside { print > file }' "$root/README.md"
for block in block-*; do
  sed -i "s/127\.0\.0\.1:8080/127.0.0.1:$port/g" "$block"
  if ! bash -euo pipefail "$block" >"$block.out" 2>&1 || grep -q '"error"' "$block.out"; then
    echo "this block of README.md failed:" >&2
    cat "$block" "$block.out" >&2
    exit 1
  fi
done
# The reply that the README shows.
if ! grep -qF '{"duplicate":false,"entries":[1],"reply":"#1 发放 口罩 500只 → 三院\n' block-*.out; then
  echo "no reply was as README.md shows it" >&2
  exit 1
fi
