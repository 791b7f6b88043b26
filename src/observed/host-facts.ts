import { RedisConf } from '../domain/redis/redis-conf.ts';
import { createHash, randomBytes } from 'node:crypto';
import { secretsOf, type DesiredCluster, type DesiredNode } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import type { FileFacts, HostFacts, OtherRedis, PresentFile, StrayProcess, UnitFacts } from '../domain/facts.ts';
import { nodeWords } from '../domain/node-words.ts';
import { SensitiveText, maskSecrets, type Secret } from '../domain/secret.ts';
import { clockOf } from './facts/clock.ts';
import type { FileContent } from './facts/contents.ts';
import { HOST_FACTS, LOG_FACTS, type Facts, type Readings } from './facts/facts.ts';
import type { RedisProcess } from './facts/processes.ts';
import { desiredLog, desiredPaths, hostParameters, hostScript, readingsOf } from './host-script.ts';
import type { ServerFound } from '../domain/server/found.ts';
import { placeOf } from '../domain/server/server.ts';
import type { NodeSession } from '../ports/nodes.ts';
import type { Script } from '../domain/shell.ts';
import { realClock } from '../time/real-clock.ts';

/** HostFacts, and what only this stage needs. */
export interface HostReading {
  facts: HostFacts;
  processes: readonly RedisProcess[];
  /** Source of the log: a path, or empty for the journal. */
  logFile: string;
}

const HOST_SCRIPT = hostScript(HOST_FACTS);
const LOG_SCRIPT = hostScript(LOG_FACTS);

/** Services that run things for people and schedulers; a Redis in any other service belongs to that service. */
const NOT_AN_OWNER = /^(?:sshd?|sshd?@.*|crond?|atd|anacron|rc-local|user@\d+|getty@.*|serial-getty@.*)\.service$/;

/**
 * All facts about the host in one round trip. Reads only.
 * @throws what `NodeSession.run` does; COMMAND_FAILED if the output makes no sense.
 */
export async function readHost(
  session: NodeSession,
  node: DesiredNode,
  desired: DesiredCluster,
  timeoutMs: number,
): Promise<HostReading> {
  const logFile = desiredLog(node);
  const secrets = secretsOf(desired);
  const options = { parameters: hostParameters(node, logFile), timeoutMs };
  const asked = realClock.now().getTime();
  const read = await runFacts(session, { facts: HOST_FACTS, script: HOST_SCRIPT }, options, secrets);
  const answered = realClock.now().getTime();
  const { unit, processes } = read;
  const facts: HostFacts = {
    package: read.package.package,
    servers: serversFound(read.servers, processes),
    unit: withinHostLimit(unit, processes),
    files: filesOf(node, read, secrets),
    strayProcesses: strays(processes, unit.mainPid, secrets),
    otherRedis: others(processes, unit.mainPid, node.unit),
    confParts: read.confParts,
    dataFiles: read.dataFiles,
    remains: read.remains,
    dataDirectoryWritable: writableBy(processes, unit.mainPid),
    ...openFilesOf(processes, unit.mainPid),
    ...read.resources,
    preflight: {
      listeners: read.listeners,
      apt: read.apt,
      memory: read.commitment,
      clock: clockOf(read.clock, asked, answered),
    },
    savedElsewhere: read.savedElsewhere,
    masterHome: read.masterHome,
    ...(read.drained ? { drained: read.drained } : {}),
    log: masked(read.log, secrets),
  };
  return { facts, processes, logFile };
}

/** Rereads the log from another place, if Redis writes it elsewhere than Git says. */
export async function readLog(
  session: NodeSession,
  node: DesiredNode,
  desired: DesiredCluster,
  logFile: string,
  timeoutMs: number,
): Promise<readonly string[]> {
  const secrets = secretsOf(desired);
  const options = { parameters: hostParameters(node, logFile), timeoutMs };
  const { log } = await runFacts(session, { facts: LOG_FACTS, script: LOG_SCRIPT }, options, secrets);
  return masked(log, secrets);
}

/** What each installed server’s own unit runs. */
function serversFound(
  installed: Readings<typeof HOST_FACTS>['servers'],
  processes: readonly RedisProcess[],
): readonly ServerFound[] {
  return installed.map(({ name, startsAtBoot, port }) => {
    const { unit } = placeOf(name);
    const process = processes.find(({ controlGroup, inContainer }) => controlGroup === unit && !inContainer);
    return { name, startsAtBoot, runs: process !== undefined, port: process ? portOf(process.title) : port };
  });
}

function portOf(title: string): number | null {
  const port = /^\S+ \S*:(\d+)/.exec(title)?.[1];
  return port === undefined ? null : Number(port);
}

/** Whether the process can write its data directory; unknown if it is not running. */
export function writableBy(processes: readonly RedisProcess[], pid: number): boolean | 'unknown' {
  return processes.find((process) => process.pid === pid)?.canWriteDirectory ?? 'unknown';
}

function openFilesOf(processes: readonly RedisProcess[], pid: number): Pick<HostFacts, 'openFiles'> {
  const openFiles = processes.find((process) => process.pid === pid)?.openFiles;
  return openFiles === undefined ? {} : { openFiles };
}

/** In a container, systemd starts no process with a higher limit than its own, whatever LimitNOFILE= says. */
function withinHostLimit(unit: UnitFacts, processes: readonly RedisProcess[]): UnitFacts {
  const own = processes.find(({ pid }) => pid === unit.mainPid);
  if (!own?.hasLimitOfInit || own.openFiles === undefined) return unit;
  return { ...unit, openFiles: Math.min(own.openFiles, unit.openFiles ?? Infinity) };
}

async function runFacts<F extends Facts>(
  session: NodeSession,
  { facts, script }: { facts: F; script: Script },
  { parameters, timeoutMs }: { parameters: readonly string[]; timeoutMs: number },
  secrets: readonly Secret[],
): Promise<Readings<F>> {
  const marker = randomBytes(16).toString('hex');
  const { status, stdout, stderr } = await session.run(script, { parameters: [marker, ...parameters], timeoutMs });
  try {
    return readingsOf(facts, stdout, marker);
  } catch (error) {
    const why = nodeWords(error instanceof Error ? error.message : String(error), secrets);
    throw new RedisopsError('COMMAND_FAILED', `${session.node.name} could not be read (status ${status}): ${why}`, {
      hint: `redisops reads Debian hosts with systemd. The node said: ${nodeWords(stderr, secrets) || 'nothing'}`,
    });
  }
}

function filesOf(
  node: DesiredNode,
  { files: present, contents, package: { conffiles } }: Readings<typeof HOST_FACTS>,
  secrets: readonly Secret[],
): ReadonlyMap<string, FileFacts> {
  const files = new Map<string, FileFacts>(desiredPaths(node).map((path) => [path, { exists: false }]));
  for (const [path, facts] of present) files.set(path, facts);
  const add = (path: string, content: FileContent | null, read: (text: SensitiveText) => SensitiveText): void => {
    const facts = files.get(path);
    if (!facts?.exists || !content) return;
    const isPackaged = content.bytes !== null && conffiles.get(path) === digestOf('md5', content.bytes);
    files.set(path, { ...facts, ...contentOf(content, secrets, read), ...(isPackaged ? { isPackaged } : {}) });
  };
  add(node.redisConf.path, contents.redisConf, (text) => RedisConf.parse(text));
  add(node.dropIn.path, contents.dropIn, (text) => text);
  return files;
}

/** Twice Redis’s own redis.conf, in bytes and lines. A longer one is not parsed: the node decides how long it is. */
const LONGEST_FILE = 256 * 1024;
const MOST_LINES = 5000;

/** The hash is of the bytes, which the text may not represent exactly. */
export function contentOf(
  { sha256, bytes }: FileContent,
  secrets: readonly Secret[],
  read: (text: SensitiveText) => SensitiveText,
): Pick<PresentFile, 'sha256' | 'content'> {
  if (!bytes) return sha256 === null ? {} : { sha256 };
  if (bytes.length > LONGEST_FILE || linesIn(bytes) > MOST_LINES) return { sha256: digestOf('sha256', bytes) };
  return {
    sha256: digestOf('sha256', bytes),
    content: read(new SensitiveText(bytes.toString('utf8'), secrets)),
  };
}

function linesIn(bytes: Buffer): number {
  let lines = 1;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

function digestOf(algorithm: 'md5' | 'sha256', bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

function strays(
  processes: readonly RedisProcess[],
  mainPid: number,
  secrets: readonly Secret[],
): readonly StrayProcess[] {
  return processes
    .filter(({ pid, controlGroup, inContainer }) => pid !== mainPid && !inContainer && !isOwned(controlGroup))
    .map(({ pid, title, startTicks, directory }) => ({
      pid,
      startTicks,
      command: maskSecrets(shortTitle(title), secrets),
      ...(directory === undefined ? {} : { directory }),
    }));
}

/** A process without a control group is gone by now. */
function others(processes: readonly RedisProcess[], mainPid: number, unit: string): readonly OtherRedis[] {
  return processes
    .filter(({ pid, controlGroup, inContainer, title }) => {
      if (pid === mainPid || controlGroup === '' || controlGroup === unit || title.includes('[sentinel]')) return false;
      return inContainer === true || isOwned(controlGroup);
    })
    .map(({ pid, controlGroup, inContainer = false, title, directory = null }) => {
      return { pid, owner: controlGroup, inContainer, port: portOf(title), directory };
    });
}

/** A process with an unreadable control group has ended meanwhile. */
function isOwned(controlGroup: string): boolean {
  return controlGroup === '' || (controlGroup.endsWith('.service') && !NOT_AN_OWNER.test(controlGroup));
}

/** Redis’s title: program, address, mode. Anything more is a command line, which may contain a password. */
function shortTitle(title: string): string {
  return /^\S+(?: \S*:\d+)?(?: \[[a-z]+\])?/.exec(title)?.[0] ?? 'redis-server';
}

function masked(lines: readonly string[], secrets: readonly Secret[]): readonly string[] {
  return lines.map((line) => maskSecrets(line, secrets));
}
