#!/usr/bin/env bash
# The default Node, by npm and beside the machine's own: installs it where it is missing, and prints its path.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../node"

if ! cmp -s package-lock.json node_modules/.prepared-from; then
  echo "Installing the default Node …" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json node_modules/.prepared-from
fi
echo "$PWD/node_modules/.bin/node"
