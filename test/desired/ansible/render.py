#!/usr/bin/env python3
"""Renders every template for every host as the template action of the installed Ansible does, in one process.

Usage: render.py REPOSITORY OUTPUT   (files OUTPUT/HOST/TEMPLATE)
"""
import os
import sys

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.template import AnsibleEnvironment, Templar, generate_ansible_template_vars
from ansible.utils.vars import combine_vars
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager


def main(repository, output):
    base = os.path.abspath(os.path.join(repository, "ansible"))
    role = os.path.join(base, "roles", "redis")
    loader = DataLoader()
    loader.set_basedir(base)
    inventory = InventoryManager(loader=loader, sources=[os.path.join(base, "inventory", "hosts.yml")])
    manager = VariableManager(loader=loader, inventory=inventory)
    hostvars = HostVars(inventory=inventory, variable_manager=manager, loader=loader)
    play = Play().load({"name": "render", "hosts": "all", "gather_facts": False}, variable_manager=manager, loader=loader)
    defaults = loader.load_from_file(os.path.join(role, "defaults", "main.yml"))
    templates = os.path.join(role, "templates")
    failed = []
    for host in inventory.get_hosts():
        variables = combine_vars(defaults, manager.get_vars(play=play, host=host))
        variables["hostvars"] = hostvars
        os.makedirs(os.path.join(output, host.name), exist_ok=True)
        for name in sorted(os.listdir(templates)):
            source = os.path.join(templates, name)
            if os.path.isdir(source):
                continue
            with open(source, "rb") as file:
                text = file.read().decode("utf-8")
            every = dict(variables)
            every.update(generate_ansible_template_vars(name, source, "/tmp/x"))
            # From here on as in ansible/plugins/action/template.py.
            templar = Templar(loader=loader, variables=variables).copy_with_new_env(
                environment_class=AnsibleEnvironment,
                # As a role's task has it.
                searchpath=[templates, role, os.path.join(base, "templates"), base],
                newline_sequence="\n",
                trim_blocks=True,
                lstrip_blocks=False,
                available_variables=every,
            )
            try:
                made = templar.do_template(text, preserve_trailing_newlines=True, escape_backslashes=False)
            except Exception as error:  # pylint: disable=broad-except
                failed.append(f"{host.name} {name}: {error}")
                continue
            with open(os.path.join(output, host.name, name.removesuffix(".j2")), "wb") as file:
                file.write(made.encode("utf-8"))
    if failed:
        raise SystemExit("\n".join(failed))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
