import { hostNamed, labHosts, onHost } from './hosts.ts';
import { runOrFail } from './run-program.ts';

/** The kernel’s number for a disabled bridge port. (A link set down takes a second to come up again.) */
const PORT_DISABLED = '0';
const PORT_FORWARDING = '3';

/** Isolates a running host from the network. Packets are lost, not refused. */
export async function cutNetwork(host: string): Promise<void> {
  await onBridge(['bridge', 'link', 'set', 'dev', hostNamed(host).name, 'state', PORT_DISABLED]);
}

/** Separates two hosts from each other; everyone else still reaches both. */
export async function cutBetween(one: string, other: string): Promise<void> {
  await ignore(one, other);
  await ignore(other, one);
}

/**
 * Limits a host’s bandwidth, so that a full synchronization takes long enough to be observed. (A delay would need
 * netem, which not every kernel has.)
 */
export async function slowNetwork(host: string, kilobitsPerSecond: number): Promise<void> {
  const limit = ['root', 'tbf', 'rate', `${kilobitsPerSecond}kbit`, 'burst', '32kb', 'latency', '400ms'];
  await onBridge(['tc', 'qdisc', 'replace', 'dev', hostNamed(host).name, ...limit]);
  await inside(host, ['tc', 'qdisc', 'replace', 'dev', 'eth0', ...limit]);
}

/** Undoes the three above for one host. After cutBetween, restore both. */
export async function restoreNetwork(host: string): Promise<void> {
  const { name } = hostNamed(host);
  await onBridge(['bridge', 'link', 'set', 'dev', name, 'state', PORT_FORWARDING]);
  await onBridge(['bash', '-c', `tc qdisc delete dev ${name} root 2>/dev/null || true`]);
  await inside(host, 'iptables --flush INPUT; tc qdisc delete dev eth0 root 2>/dev/null || true');
}

async function ignore(host: string, other: string): Promise<void> {
  await inside(host, ['iptables', '--append', 'INPUT', '--source', hostNamed(other).address, '--jump', 'DROP']);
}

/** The bridge end of a host’s link has the host’s name, in the lab’s namespace. */
async function onBridge(argv: readonly string[]): Promise<void> {
  await runOrFail(['nsenter', `--net=/run/netns/${labHosts().name}`, '--', ...argv]);
}

async function inside(host: string, command: string | readonly string[]): Promise<void> {
  const { code, stderr } = await onHost(host, command);
  if (code !== 0) throw new Error(`The network of ${host} could not be changed: ${stderr.trim()}`);
}
