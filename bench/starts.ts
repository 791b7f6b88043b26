import { resolve } from 'node:path';
import type { Lab } from '../lab/hosts.ts';
import { runOrFail } from '../lab/run-program.ts';

/** Seconds of cold starts, each beside the minimum for such a program. */
export interface StartSample {
  /** `node -e 0` */
  node: readonly number[];
  /** `redisops --help` */
  help: readonly number[];
  /** `ssh HOST true` on the three hosts in parallel. */
  ssh: readonly number[];
  /** `redisops status` of the three nodes: a new process, new connections. */
  status: readonly number[];
}

/** `redisops status` on the command line. */
type ColdStatus = () => Promise<void>;

const TIMES = 5;
const PROGRAM = resolve(import.meta.dirname, '../src/cli.js');

/** Alternates, so that other work on the machine slows both sides of a ratio. */
export async function measureStarts(lab: Lab, status: ColdStatus): Promise<StartSample> {
  const works = {
    node: () => runOrFail([process.execPath, '-e', '0']),
    help: () => runOrFail([process.execPath, PROGRAM, '--help']),
    ssh: () => Promise.all(lab.hosts.map(({ address }) => runOrFail(sshTrue(lab, address)))),
    status,
  };
  const taken: Record<keyof StartSample, number[]> = { node: [], help: [], ssh: [], status: [] };
  for (let time = 0; time < TIMES; time += 1)
    for (const name of ['node', 'help', 'ssh', 'status'] as const) {
      const began = performance.now();
      await works[name]();
      taken[name].push((performance.now() - began) / 1000);
    }
  return taken;
}

function sshTrue({ sshUser, keyFile, knownHostsFile }: Lab, address: string): readonly string[] {
  const options = [`UserKnownHostsFile=${knownHostsFile}`, 'BatchMode=yes', 'ControlMaster=no'];
  return [
    'ssh',
    '-F',
    'none',
    '-i',
    keyFile,
    ...options.flatMap((each) => ['-o', each]),
    `${sshUser}@${address}`,
    'true',
  ];
}
