import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backupsIn } from '../../src/adapters/disk/backups.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { execute } from '../../src/operation.ts';
import { labSshSettings } from './lab-cluster.ts';
import type { Backups } from '../../src/ports/backups.ts';
import { realClock } from '../../src/time/real-clock.ts';

/** A worker in a separate process, to be killed: makes the backup, and stops right before REPLICAOF. */
const [path = '', folder = ''] = process.argv.slice(-2);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the test, read by the test.
const plan = JSON.parse(await readFile(join(path, 'plan.json'), 'utf8')) as Plan;
const own = backupsIn(folder);
let looks = 0;
const backups: Backups = {
  ...own,
  newest: (cluster, node) => {
    looks += 1;
    return looks === 1 ? own.newest(cluster, node) : new Promise(() => {});
  },
};
process.stdout.write('begins\n');
await execute(
  plan,
  checkout(path),
  {
    id: 'the run',
    holder: 'the first',
    emit: () => {},
    record: (entry) => appendFile(join(path, 'journal'), `${JSON.stringify(entry)}\n`),
    journal: [],
  },
  { nodes: sshNodes(labSshSettings()), clock: realClock, backups },
);
