import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { execute } from '../../src/operation.ts';
import { labSshSettings } from './lab-cluster.ts';
import { realClock } from '../../src/time/real-clock.ts';

/** A worker in a separate process, to be killed: executes the plan beside the repository. */
const [folder = ''] = process.argv.slice(-1);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the test, read by the test.
const plan = JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')) as Plan;
const nodes = sshNodes(labSshSettings());
process.stdout.write('begins\n');
await execute(
  plan,
  checkout(folder),
  {
    id: 'the run',
    holder: 'the first',
    emit: () => {},
    record: (entry) => appendFile(join(folder, 'journal'), `${JSON.stringify(entry)}\n`),
    journal: [],
  },
  { nodes, clock: realClock },
);
// Killed, finished or not.
await new Promise((resolve) => setTimeout(resolve, 600_000));
