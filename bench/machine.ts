import { cpus, loadavg, release, totalmem } from 'node:os';
import { runOrFail } from '../lab/run-program.ts';

/** The machine and versions behind the figures. */
export interface Machine {
  processors: number;
  processor: string;
  memoryGiB: number;
  kernel: string;
  node: string;
  ansible: string;
  /** Load of the last minute before the bench: other work slows all contenders. */
  load: number;
}

type Host = Omit<Machine, 'ansible'>;

export async function thisMachine(): Promise<Machine> {
  const [head = ''] = (await runOrFail(['ansible', '--version'])).split('\n');
  return { ...thisHost(), ansible: /core ([\d.]+)/.exec(head)?.[1] ?? head };
}

function thisHost(): Host {
  return {
    processors: cpus().length,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    load: loadavg()[0] ?? 0,
  };
}

export function machineLine({ ansible, ...host }: Machine): string {
  return `${lineOf(host)}, ansible-core ${ansible}, load ${host.load.toFixed(1)}`;
}

/** The same without Ansible. */
export function hostLine(): string {
  const host = thisHost();
  return `${lineOf(host)}, load ${host.load.toFixed(1)}`;
}

function lineOf({ processors, processor, memoryGiB, kernel, node }: Host): string {
  return `${processors} × ${processor}, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}`;
}
