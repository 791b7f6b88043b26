import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './real-ansible.ts';
import { PLAYBOOK, type Files } from './plays.ts';

/** What the real Ansible writes for each host; its own words where it fails. */
export async function ranByAnsible(files: Files): Promise<Readonly<Record<string, string>> | string> {
  const folder = await mkdtemp(join(tmpdir(), 'redisops-plays-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const made = join(folder, 'made');
    await mkdir(made);
    const variables = {
      redis_conf_dest: `${made}/{{ inventory_hostname }}`,
      ansible_connection: 'local',
      ansible_python_interpreter: '/usr/bin/python3',
    };
    const { ok, output } = run(
      'ansible-playbook',
      ['-i', join(folder, 'ansible/inventory/hosts.ini'), join(folder, PLAYBOOK), '-e', JSON.stringify(variables)],
      { cwd: join(folder, 'ansible') },
    );
    if (!ok) return output;
    const names = (await readdir(made)).toSorted();
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(made, name), 'utf8')] as const)),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
