#!/usr/bin/env bash
# The same work by redisops and by an equivalent Ansible role, on the lab, in one run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lab/bin/prepare.sh
lab/bin/ansible.sh
lab/bin/lab.sh up
exec lab/bin/in-lab.sh "$(lab/bin/node.sh)" dist/bench/bench.js "$@"
