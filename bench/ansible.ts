import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Lab } from '../lab/hosts.ts';
import { runOrFail, runProgram } from '../lab/run-program.ts';
import type { Contender } from './contender.ts';
import type { Repository } from './repository.ts';

const PLAYBOOK_LIMIT_MS = 300_000;
const CHANGED = /\bchanged=(\d+)/g;

/** Ansible with the role of `bench/ansible`: pipelining, and connections that outlive a run. */
export async function ansible(repository: Repository, lab: Lab): Promise<Contender> {
  const folder = playbooks();
  // A Unix socket’s path must be short.
  const sockets = await mkdtemp(join(tmpdir(), 'cp-'));
  const options = {
    environment: { ...process.env, ANSIBLE_CONFIG: join(folder, 'ansible.cfg'), ANSIBLE_SSH_CONTROL_PATH_DIR: sockets },
    timeoutMs: PLAYBOOK_LIMIT_MS,
  };
  const common = [
    `--inventory=${repository.inventory}`,
    `--extra-vars=@${repository.variables}`,
    `--private-key=${lab.keyFile}`,
    `--ssh-common-args=-o UserKnownHostsFile=${lab.knownHostsFile}`,
  ];
  const play = (name: string, ...more: readonly string[]) =>
    runOrFail(['ansible-playbook', ...common, ...more, join(folder, name)], options);
  const apply = async (...more: readonly string[]): Promise<'changed' | 'unchanged'> => {
    const recap = await play('apply.yml', ...more);
    const counts = [...recap.matchAll(CHANGED)].map((match) => Number(match[1]));
    if (counts.length !== lab.hosts.length) throw new Error(`Ansible’s recap is not understood:\n${recap}`);
    return counts.some((count) => count > 0) ? 'changed' : 'unchanged';
  };
  return {
    name: 'ansible',
    async prime() {
      await runOrFail(['ansible', ...common, '--module-name=ansible.builtin.ping', 'redis'], options);
    },
    async status() {
      await play('status.yml');
    },
    apply: () => apply(),
    applyUnverified: () => apply('--skip-tags=verify'),
    async close() {
      for (const socket of await readdir(sockets))
        await runProgram(['ssh', '-F', 'none', '-O', 'exit', '-o', `ControlPath=${join(sockets, socket)}`, 'any']);
      await rm(sockets, { recursive: true });
    },
  };
}

/** Not compiled: their path differs between bench/ and dist/bench/. */
function playbooks(): string {
  const places = ['.', '../../bench'].map((root) => resolve(import.meta.dirname, root, 'ansible'));
  const place = places.find((each) => existsSync(each));
  if (place === undefined) throw new Error(`The playbooks are at none of ${places.join(', ')}.`);
  return place;
}
