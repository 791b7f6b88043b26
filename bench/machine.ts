import { cpus, loadavg, release, totalmem } from 'node:os';
import { runOrFail } from '../lab/run-program.ts';

/** Where and with what the figures were taken. */
export interface Machine {
  processors: number;
  processor: string;
  memoryGiB: number;
  kernel: string;
  node: string;
  ansible: string;
  /** Of the last minute, before the bench began: others at work make the figures worse, for all contenders. */
  load: number;
}

export async function thisMachine(): Promise<Machine> {
  const [head = ''] = (await runOrFail(['ansible', '--version'])).split('\n');
  return {
    processors: cpus().length,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    ansible: /core ([\d.]+)/.exec(head)?.[1] ?? head,
    load: loadavg()[0] ?? 0,
  };
}

export function machineLine(machine: Machine): string {
  const { processors, processor, memoryGiB, kernel, node, ansible, load } = machine;
  return `${processors} × ${processor}, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}, ansible-core ${ansible}, load ${load.toFixed(1)}`;
}
