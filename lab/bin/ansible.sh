#!/usr/bin/env bash
# The real Ansible, of Debian: what the tests compare with, and the benchmark measures. Its collections have the filters
# of addresses, which need netaddr.
set -euo pipefail
complete() {
  command -v ansible-playbook >/dev/null && /usr/bin/python3 -c 'import netaddr, ansible_collections.ansible.utils' 2>/dev/null
}
complete && exit 0
echo "Installing Ansible …" >&2
packages=(ansible-core ansible python3-netaddr)
apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null ||
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null; }
