import { spawnSync } from 'node:child_process';

/** The collection with the address filters, and its dependencies: Debian’s `ansible` and `python3-netaddr`. */
const HAS_UTILS = run('/usr/bin/python3', ['-c', 'import netaddr, ansible_collections.ansible.utils']).ok;

/** Ansible’s release if it is 2.14: the tests then run it; otherwise they compare with stored results. */
export const ANSIBLE = (HAS_UTILS && /\[core (2\.14\.\d+)/.exec(run('ansible', ['--version']).output)?.[1]) || null;

export function run(
  program: string,
  parameters: readonly string[],
  options: { cwd?: string; environment?: NodeJS.ProcessEnv } = {},
): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(program, parameters, {
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ANSIBLE_NOCOLOR: '1', ANSIBLE_PIPELINING: '1', LC_ALL: 'C.UTF-8', ...options.environment },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return { ok: status === 0, output: status === 0 ? stdout : `${stdout ?? ''}${stderr ?? ''}` };
}
