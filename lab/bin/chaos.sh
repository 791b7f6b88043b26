#!/usr/bin/env bash
# Changes under injuries on the lab: kill -9, cut networks, stopped workers; nothing may be lost or left half done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lab/bin/prepare.sh
lab/bin/lab.sh up
exec lab/bin/in-lab.sh node dist/lab/chaos/chaos.js "$@"
