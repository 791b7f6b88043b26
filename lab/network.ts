import { hostNamed, labHosts, onHost } from './hosts.ts';
import { runOrFail } from './run-program.ts';

/** What a bridge port does with packets, as the kernel numbers it. (A link set down takes a second to come up again.) */
const PORT_DISABLED = '0';
const PORT_FORWARDING = '3';

/** Cuts a host off: it runs on, and nobody reaches it, nor it anybody. Packets are lost, not refused. */
export async function cutNetwork(host: string): Promise<void> {
  await onBridge(['bridge', 'link', 'set', 'dev', hostNamed(host).name, 'state', PORT_DISABLED]);
}

/** Two hosts no longer hear each other; everybody else still hears both. */
export async function cutBetween(one: string, other: string): Promise<void> {
  await ignore(one, other);
  await ignore(other, one);
}

/**
 * Limits what a host sends and receives to a rate: a full synchronization takes long enough to be looked at.
 * (A delay would need netem, which not every kernel has.)
 */
export async function slowNetwork(host: string, kilobitsPerSecond: number): Promise<void> {
  const limit = ['root', 'tbf', 'rate', `${kilobitsPerSecond}kbit`, 'burst', '32kb', 'latency', '400ms'];
  await onBridge(['tc', 'qdisc', 'replace', 'dev', hostNamed(host).name, ...limit]);
  await inside(host, ['tc', 'qdisc', 'replace', 'dev', 'eth0', ...limit]);
}

/** Undoes the three above for one host. After cutBetween, both have to be restored. */
export async function restoreNetwork(host: string): Promise<void> {
  const { name } = hostNamed(host);
  await onBridge(['bridge', 'link', 'set', 'dev', name, 'state', PORT_FORWARDING]);
  await onBridge(['bash', '-c', `tc qdisc delete dev ${name} root 2>/dev/null || true`]);
  await inside(host, 'iptables --flush INPUT; tc qdisc delete dev eth0 root 2>/dev/null || true');
}

async function ignore(host: string, other: string): Promise<void> {
  await inside(host, ['iptables', '--append', 'INPUT', '--source', hostNamed(other).address, '--jump', 'DROP']);
}

/** The bridge end of a host’s cable bears the host’s name, in the lab’s namespace. */
async function onBridge(argv: readonly string[]): Promise<void> {
  await runOrFail(['nsenter', `--net=/run/netns/${labHosts().name}`, '--', ...argv]);
}

async function inside(host: string, command: string | readonly string[]): Promise<void> {
  const { code, stderr } = await onHost(host, command);
  if (code !== 0) throw new Error(`The network of ${host} could not be changed: ${stderr.trim()}`);
}
