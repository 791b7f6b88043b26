import { checkout } from '../../src/adapters/disk/checkout.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { holdNodes } from '../../src/apply/host/hold-nodes.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import { CONVERGE, labSshSettings, run } from './lab-cluster.ts';

/** A worker in a separate process, to be killed: turns bare hosts into a cluster. */
const [repository = ''] = process.argv.slice(-1);
const desired = await readDesired(checkout(repository), {});
const nodes = sshNodes(labSshSettings());
await holdNodes(desired, nodes, 'the first');
process.stdout.write('begins\n');
await run(CONVERGE, desired, nodes);
// Killed, finished or not.
await new Promise((resolve) => setTimeout(resolve, 600_000));
