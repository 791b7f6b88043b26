#!/usr/bin/env bash
# The real Ansible, of Debian: what the tests compare with, and the benchmark measures.
set -euo pipefail
command -v ansible-playbook >/dev/null && exit 0
echo "Installing ansible-core …" >&2
apt-get install -y -qq --no-install-recommends ansible-core >/dev/null ||
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends ansible-core >/dev/null; }
