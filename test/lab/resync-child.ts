import { checkout } from '../../src/adapters/disk/checkout.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import { carryOut, labSshSettings } from './lab-cluster.ts';
import { resyncPlan } from './plans.ts';

/** A worker in a process of its own, to be killed: resynchronizes a replica fully, again and again. */
const [repository = '', node = ''] = process.argv.slice(-2);
const desired = await readDesired(checkout(repository), {});
const nodes = sshNodes(labSshSettings());
await Promise.all(desired.nodes.map((each) => nodes.connect(each)));
process.stdout.write('ready\n');
for (;;) await carryOut(resyncPlan(desired, node, 'full'), desired, nodes);
