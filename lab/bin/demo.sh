#!/usr/bin/env bash
# The demo, from a fresh clone: three real hosts, stand-ins for Slack and GitHub, bot and worker. --once: no prompt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lab/bin/prepare.sh
lab/bin/lab.sh up
exec lab/bin/in-lab.sh node dist/lab/demo.js "$@"
