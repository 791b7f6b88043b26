import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { leaderOf } from './leader.ts';
import { runOrFail, runProgram, type ProgramOptions, type ProgramResult } from './run-program.ts';

export interface LabHost {
  name: string;
  address: string;
  /** Process 1 of the host, as seen from this machine; undefined while the host is down. */
  leader: number | undefined;
}

export interface Lab {
  name: string;
  sshUser: string;
  keyFile: string;
  knownHostsFile: string;
  /** What its hosts are made of, such as `debian12`, and their server. */
  estate: string;
  server: 'redis' | 'valkey';
  hosts: readonly LabHost[];
  /** Hosts for the tests that need them: one with HAProxy, others without Redis. */
  moreHosts: readonly LabHost[];
}

const DEFAULT_LAB = 'redisops-lab';
const DEFAULT_TIMEOUT_MS = 60_000;
const GRACE_MS = 10_000;
/** Exit status after SIGKILL. */
const KILLED = 137;
const STATE_OF_ALL = '/var/lib/redisops-lab';
const ADDRESSES = { 'redis-01': '10.0.0.123', 'redis-02': '10.0.0.124', 'redis-03': '10.0.0.125' };
/** Down until `bootHost` starts them. */
const MORE_ADDRESSES = { 'lb-01': '10.0.0.120', 'monitor-01': '10.0.0.126', 'monitor-02': '10.0.0.127' };
const HOST_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  HOME: '/root',
};

/** The running lab on this machine. `LAB` selects one of several. */
export function labHosts(environment: NodeJS.ProcessEnv = process.env): Lab {
  const name = environment['LAB'] ?? DEFAULT_LAB;
  const state = join(STATE_OF_ALL, name);
  if (!existsSync(join(state, 'ready'))) throw new Error(`The lab ${name} is not up: npm run lab:up starts it.`);
  const base = readFileSync(join(state, 'base'), 'utf8');
  const [, estate = 'debian12'] = /base-([a-z\d-]+)-[\da-f]{12}$/.exec(base.trim()) ?? [];
  return {
    name,
    sshUser: 'ops',
    keyFile: join(state, 'id_ed25519'),
    knownHostsFile: join(state, 'known_hosts'),
    estate,
    server: estate.endsWith('-valkey') ? 'valkey' : 'redis',
    hosts: hostsAt(ADDRESSES, state),
    moreHosts: hostsAt(MORE_ADDRESSES, state),
  };
}

function hostsAt(addresses: Readonly<Record<string, string>>, state: string): readonly LabHost[] {
  return Object.entries(addresses).map(([name, address]) => ({
    name,
    address,
    leader: leaderOf(join(state, 'hosts', name)),
  }));
}

/**
 * Runs a command inside a host as root, without SSH: a list is a program with parameters, a text is a Bash script. For
 * preparing and inspecting only; the program under test uses SSH.
 */
export async function onHost(
  host: string,
  command: string | readonly string[],
  options: Omit<ProgramOptions, 'environment'> = {},
): Promise<ProgramResult> {
  const { leader } = hostNamed(host);
  if (leader === undefined) throw new Error(`${host} is down, so nothing can be run on it.`);
  const argv = typeof command === 'string' ? ['bash', '-c', command] : command;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  // The timeout runs inside the host, where process 1 reaps dead processes. A command killed from outside stays a
  // zombie that belongs to neither side, and the host cannot shut down.
  const limited = ['timeout', '--signal=KILL', `${timeoutMs / 1000}`, ...argv];
  const started = performance.now();
  const result = await runProgram(['nsenter', '--target', String(leader), '--all', '--', ...limited], {
    ...options,
    timeoutMs: timeoutMs + GRACE_MS,
    environment: HOST_ENVIRONMENT,
  });
  if (result.code === KILLED && performance.now() - started >= timeoutMs) {
    throw new Error(`On ${host}, ${argv.join(' ')} did not end within ${timeoutMs} ms and was killed.`);
  }
  return result;
}

/** Resets all hosts and boots those that are down: no configuration, no data, Redis off, network intact. */
export async function resetHosts(): Promise<void> {
  await labCommand('reset');
}

/** Shuts a host down, like its power button. */
export async function haltHost(host: string): Promise<void> {
  await labCommand('halt', hostNamed(host).name);
}

/** Kills a host instantly, without giving its processes a chance. Its disk stays. */
export async function cutPower(host: string): Promise<void> {
  await labCommand('cut-power', hostNamed(host).name);
}

/** Boots a host with its disk as it was left, and waits for SSH. */
export async function bootHost(host: string): Promise<void> {
  await labCommand('boot', hostNamed(host).name);
}

export async function rebootHost(host: string): Promise<void> {
  await haltHost(host);
  await bootHost(host);
}

/** A host of the lab by its name. */
export function hostNamed(name: string): LabHost {
  const lab = labHosts();
  const hosts = [...lab.hosts, ...lab.moreHosts];
  const host = hosts.find((host) => host.name === name);
  if (!host) throw new Error(`The lab has no host ${name}; it has ${hosts.map(({ name }) => name).join(', ')}.`);
  return host;
}

async function labCommand(...parameters: readonly string[]): Promise<void> {
  await runOrFail(['bash', labScript(), ...parameters], { timeoutMs: 120_000 });
}

/** lab.sh is not compiled: its path differs between lab/ and dist/lab/. */
function labScript(): string {
  const places = ['..', '../..'].map((root) => resolve(import.meta.dirname, root, 'lab/bin/lab.sh'));
  const script = places.find((place) => existsSync(place));
  if (script === undefined) throw new Error(`lab.sh is at none of ${places.join(', ')}.`);
  return script;
}
