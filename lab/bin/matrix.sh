#!/usr/bin/env bash
# The same work on every estate, one after the other, and a table of it in docs/estates.md: npm run matrix [-- ESTATE…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source lab/bin/common.sh

export LAB=$LAB-matrix
OUTPUT=$(mktemp --directory)
trap 'rm -rf "$OUTPUT"; lab/bin/lab.sh down >/dev/null' EXIT

# What refuses an estate has a file of its own: Redis 6.0 cannot be run.
suite_of() { [[ $1 == debian11 ]] && echo test/lab/estate-refused.test.ts || echo test/lab/estate.test.ts; }

lab/bin/prepare.sh
read -r -a estates <<<"${*:-$(estate_names)}"
failed=0
for ESTATE in "${estates[@]}"; do
  require_estate
  export ESTATE
  lab/bin/lab.sh up --fresh
  "$(lab/bin/node.sh)" node_modules/vitest/vitest.mjs run --project lab --reporter=default --reporter=json \
    --outputFile.json="$OUTPUT/$ESTATE.json" "$(suite_of "$ESTATE")" || failed=1
  # shellcheck disable=SC2016 # the host’s shell expands it
  lab/bin/lab.sh shell redis-01 sh -c 'for s in redis valkey; do ! command -v $s-server >/dev/null || $s-server --version; done' \
    >"$OUTPUT/$ESTATE.version"
done
"$(lab/bin/node.sh)" lab/matrix-table.ts "$OUTPUT" docs/estates.md
npx prettier --write docs/estates.md >/dev/null
exit "$failed"
