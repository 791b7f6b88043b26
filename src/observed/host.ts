import { randomBytes } from 'node:crypto';
import type { DesiredNode } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import type { HostFacts } from '../domain/facts.ts';
import type { Secret } from '../domain/secret.ts';
import type { NodeSession } from '../ports.ts';
import type { About, Fact } from './fact.ts';
import { filesFact } from './facts/files.ts';
import { logFact } from './facts/log.ts';
import { packageFact } from './facts/package.ts';
import { processesFact } from './facts/processes.ts';
import { resourcesFact } from './facts/resources.ts';
import { unitsFact } from './facts/units.ts';
import { writableFact } from './facts/writable.ts';

const TIMEOUT_MS = 6000;

/**
 * All of a host’s facts in one round trip.
 * @throws an SSH code, SUDO_REFUSED, COMMAND_TIMEOUT, or COMMAND_FAILED for output that makes no sense.
 */
export async function observeHost(
  session: NodeSession,
  node: DesiredNode,
  secrets: readonly Secret[],
): Promise<HostFacts> {
  const marker = randomBytes(8).toString('hex');
  const facts = [packageFact, unitsFact, filesFact, processesFact, writableFact, resourcesFact, logFact];
  const { stdout } = await session.run(scriptOf(facts, marker), {
    parameters: [node.packageName, node.unit, node.dataDirectory, node.redisConf.path, node.dropIn.path],
    timeoutMs: TIMEOUT_MS,
  });
  const parts = stdout.split(`${marker}\n`);
  const about = { node, secrets };
  const part = <T>(fact: Fact<T>): T => parsed(fact, parts[facts.indexOf(fact as Fact<never>)], about);

  const units = part(unitsFact);
  return {
    package: part(packageFact),
    unit: units.redis,
    sentinelActive: units.sentinelActive,
    files: part(filesFact),
    strayProcesses: part(processesFact),
    dataDirectoryWritable: part(writableFact),
    ...part(resourcesFact),
    log: part(logFact),
  };
}

function scriptOf(facts: readonly Fact<unknown>[], marker: string): string {
  const head = 'package=$1 unit=$2 dir=$3 conf=$4 dropin=$5; LC_ALL=C; export LC_ALL; exec 2>/dev/null';
  return [head, ...facts.map(({ script }) => `(${script}\n); echo ${marker}`)].join('\n');
}

function parsed<T>(fact: Fact<T>, stdout: string | undefined, about: About): T {
  try {
    if (stdout === undefined) throw new Error('the output ended early');
    return fact.parse(stdout, about);
  } catch (cause) {
    throw new RedisopsError(
      'COMMAND_FAILED',
      `${about.node.name} answered what makes no sense: ${cause instanceof Error ? cause.message : ''}`,
      {
        cause,
        hint: 'redisops reads Debian hosts with systemd.',
      },
    );
  }
}
