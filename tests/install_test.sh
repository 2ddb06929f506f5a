#!/usr/bin/env bash
# Installs what was built into a folder of its own and draws a picture there.
#
#   tests/install_test.sh BUILD_FOLDER
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work" >/dev/null
cd /
"$work/bin/jieli" chat --database "$work/a.db" <<<'收到 口罩 5 只'
"$work/bin/jieli" summary --database "$work/a.db" --format png --out "$work/a.png"
[[ $(head -c 8 "$work/a.png" | od -An -tx1 | tr -d ' ') == 89504e470d0a1a0a ]]
