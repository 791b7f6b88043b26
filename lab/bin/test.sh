#!/usr/bin/env bash
# The whole test, from a fresh clone: format, lint, types, unit tests, and the tests on three real hosts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lab/bin/prepare.sh
npm run --silent format:check
npm run --silent lint
npm run --silent types

if [[ $(id -u) -ne 0 || $(uname -s) != Linux ]]; then
  if [[ ${CI:-} == true ]]; then
    echo "The lab needs root on Linux; in CI its tests are not skipped." >&2
    exit 1
  fi
  npm run --silent test:unit
  printf '\n*** SKIPPED: the tests on real hosts. They need root on Linux. ***\n' >&2
  exit 0
fi

lab/bin/ansible.sh
lab/bin/lab.sh up
npm run --silent test:unit
lab/bin/in-lab.sh npx --no-install vitest run --project lab
