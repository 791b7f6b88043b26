import { checkout } from '../../src/adapters/disk/checkout.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { holdNodes } from '../../src/apply/host/hold-nodes.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import { labSshSettings } from './lab-cluster.ts';

/** A run in a separate process, to be killed: holds the nodes and reports it. */
const [repository = ''] = process.argv.slice(-1);
const desired = await readDesired(checkout(repository), {});
await holdNodes(desired, sshNodes(labSshSettings()), 'run-of-the-child by mira');
process.stdout.write('held\n');
await new Promise((resolve) => setTimeout(resolve, 600_000));
