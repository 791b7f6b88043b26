#!/usr/bin/env bash
# Writes anew what the tests expect where Ansible is not installed: every template as the real Ansible renders it.
# The template module itself must give the same bytes for one of the hosts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
rm -rf expected
/usr/bin/python3 render.py repository expected
module=$(mktemp -d)
trap 'rm -rf "$module"' EXIT
cd repository/ansible
ANSIBLE_PIPELINING=1 ansible-playbook -i inventory/hosts.yml template-module.yml -e "output=$module" \
  -e ansible_python_interpreter=/usr/bin/python3 >/dev/null
diff -r "$module" ../../expected/redis-02
echo "$(find ../../expected -type f | wc -l) files"
cd ../../../../..
RECORD_PLAYS=yes npx vitest run --project unit test/desired/ansible/plays.test.ts
