import type { Code } from '../../domain/code.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import type { Answered, EntryAnswer, Unanswered } from '../../domain/entry/facts.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import { Info } from '../../domain/replication/info.ts';
import type { Secret } from '../../domain/secret.ts';
import type { NodeSession, Nodes, RedisLink } from '../../ports/nodes.ts';
import { within } from '../../time/within.ts';

const LIMIT_MS = 4000;

const REASONS: Partial<Record<Code, string>> = {
  REDIS_UNREACHABLE: 'refuses connections',
  REDIS_TIMEOUT: 'does not answer',
  // HAProxy without a server that is up takes the connection, and closes it.
  REDIS_CONNECTION_LOST: 'closes connections at once: no server behind it is up',
  REDIS_AUTH_FAILED: 'leads to a Redis that does not take the cluster’s password',
};

/** A connection through the entry, and the Redis behind it. */
export type OpenEntry = Answered & { link: RedisLink };

/** Which Redis answers at each address of the entry, from this node. Never throws. */
export async function entryFrom(
  node: DesiredNode,
  { entry, password }: DesiredCluster,
  nodes: Nodes,
): Promise<readonly EntryAnswer[]> {
  const session = entry ? await nodes.connect(node).catch(() => null) : null;
  if (!entry || !session) return [];
  return Promise.all(entry.addresses.map((at) => ask(session, at, password)));
}

async function ask(session: NodeSession, at: Endpoint, password: Secret | undefined): Promise<EntryAnswer> {
  const opened = await openEntry(session, at, password);
  const of = { at, via: session.node.name };
  if (!opened.answers) return { ...of, ...opened };
  const { link, ...answer } = opened;
  link.close();
  return { ...of, ...answer };
}

/** A connection through the entry from a node, left open. */
export async function openEntry(
  session: NodeSession,
  at: Endpoint,
  password: Secret | undefined,
): Promise<OpenEntry | Unanswered> {
  try {
    const link = await session.redis(password, at);
    try {
      return { ...(await within(LIMIT_MS, whoIs(link), tooLate)), link };
    } catch (error) {
      link.close();
      throw error;
    }
  } catch (thrown) {
    const error = asRedisopsError(thrown);
    return { answers: false, code: error.code, reason: reasonOf(error) };
  }
}

async function whoIs(link: RedisLink): Promise<Answered> {
  const [info, role] = await Promise.all([link.command('INFO', 'server'), link.command('ROLE')]);
  const said = Array.isArray(role) ? role[0] : null;
  return { answers: true, runId: new Info(info).text('run_id'), role: said === 'master' ? 'master' : 'replica' };
}

function reasonOf({ code, message }: RedisopsError): string {
  return REASONS[code] ?? `fails: ${message}`;
}

function tooLate(): RedisopsError {
  return new RedisopsError('REDIS_TIMEOUT', 'The entry did not answer.', { hint: 'Check the load balancer.' });
}
