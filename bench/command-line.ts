import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Lab } from '../lab/hosts.ts';
import { runOrFail } from '../lab/run-program.ts';
import type { Contender } from './contender.ts';
import type { Repository } from './repository.ts';

const RUN_LIMIT_MS = 120_000;

const statusAnswer = z.object({ verdict: z.literal('healthy') });
const applyAnswer = z.object({ outcome: z.enum(['done', 'nothing-to-do']) });

/** redisops from the command line: a new process and new connections each time. */
export async function commandLine(repository: Repository, lab: Lab): Promise<Contender> {
  const state = await mkdtemp(join(tmpdir(), 'redisops-bench-state-'));
  const environment = {
    ...process.env,
    SSH_USER: lab.sshUser,
    SSH_PRIVATE_KEY_FILE: lab.keyFile,
    SSH_KNOWN_HOSTS_FILE: lab.knownHostsFile,
    STATE_DIR: state,
  };
  const program = resolve(import.meta.dirname, '../src/cli.js');
  const redisops = async (...words: readonly string[]): Promise<unknown> => {
    const argv = [process.execPath, program, ...words, '--repo', repository.path, '--json'];
    return JSON.parse(await runOrFail(argv, { environment, timeoutMs: RUN_LIMIT_MS }));
  };
  return {
    name: 'command-line',
    async prime() {
      // Hosts that another contender made anew have lost nothing.
      await rm(join(state, 'looks'), { recursive: true, force: true });
      await redisops('check');
    },
    async status() {
      statusAnswer.parse(await redisops('status'));
    },
    async apply() {
      const { outcome } = applyAnswer.parse(await redisops('apply', '--yes'));
      return outcome === 'done' ? 'changed' : 'unchanged';
    },
    close: () => rm(state, { recursive: true }),
  };
}
