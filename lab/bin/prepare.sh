#!/usr/bin/env bash
# What a fresh clone lacks: npm packages and the built program. Quick when nothing is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! cmp -s package-lock.json node_modules/.prepared-from; then
  echo "Installing npm packages …" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json node_modules/.prepared-from
fi
npm run --silent build
