#!/usr/bin/env bash
# A restart of all nodes and a full synchronization with a large dataset, under a writer, on the lab.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lab/bin/prepare.sh
lab/bin/lab.sh up
exec lab/bin/in-lab.sh node dist/bench/large.js "$@"
