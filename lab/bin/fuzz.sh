#!/usr/bin/env bash
# Tries hostile input on every border of the program: npm run fuzz -- --minutes 60 [--border NAME] [--seed NUMBER]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

exec "$(lab/bin/node.sh)" test/security/fuzz/run.ts "$@"
