import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { RedisopsError, asRedisopsError } from '../domain/error.ts';
import { settingsIn } from '../domain/redis/config-get.ts';
import { isErrorReply } from '../domain/redis/error-reply.ts';
import { Identities, type ResolvedNames } from '../domain/replication/identity.ts';
import { Info } from '../domain/replication/info.ts';
import { announcedIn, askedToAnnounce } from '../domain/known-nodes.ts';
import { replicationView, type ReplicationView } from '../domain/replication/view.ts';
import { resolveNames } from '../observed/resolve-names.ts';
import type { Nodes, RedisLink } from '../ports/nodes.ts';

const SETTINGS = ['replica-announce-*', 'repl-ping-replica-period'];

/** A node’s Redis as seen by the verification, with its open connection. */
export type Look = ReadLook | FailedLook;

export interface ReadLook {
  node: DesiredNode;
  read: true;
  link: RedisLink;
  view: ReplicationView;
  /** From CONFIG GET: announced endpoint and ping period. */
  settings: ReadonlyMap<string, string>;
  resolved: ResolvedNames;
}

export interface FailedLook {
  node: DesiredNode;
  read: false;
  error: RedisopsError;
}

export async function lookAt(node: DesiredNode, desired: DesiredCluster, nodes: Nodes): Promise<Look> {
  try {
    const session = await nodes.connect(node);
    const link = await session.redis(desired.password);
    return await closingOnFailure(link, async () => {
      const [view, settings] = await Promise.all([readView(link), readSettings(link)]);
      return { node, read: true, link, view, settings, resolved: await resolveNames(session, view) };
    });
  } catch (error) {
    return { node, read: false, error: asRedisopsError(error) };
  }
}

/** Looks again over the same connection. */
export async function lookAgain(look: Look): Promise<Look> {
  if (!look.read) return look;
  const { node, link } = look;
  return closingOnFailure(link, async () => ({ ...look, view: await readView(link) })).catch((error: unknown) => ({
    node,
    read: false,
    error: asRedisopsError(error),
  }));
}

/** The identities of the nodes looked at. */
export function identitiesIn(looks: readonly Look[]): Identities {
  return new Identities(
    looks.map((look) => {
      const { name, address, redisPort } = look.node;
      return {
        name,
        address,
        redisPort,
        asked: askedToAnnounce(look.node),
        announced: look.read ? announcedIn(look.settings) : null,
        resolved: look.read ? look.resolved : new Map(),
      };
    }),
  );
}

async function closingOnFailure<T>(link: RedisLink, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    link.close();
    throw error;
  }
}

async function readView(link: RedisLink): Promise<ReplicationView> {
  const [info, role] = await Promise.all([link.command('INFO'), link.command('ROLE')]);
  return replicationView(new Info(info), role);
}

/** One pattern per call: before 7.0, CONFIG GET takes only one. A Redis that refuses CONFIG is probed anyway. */
async function readSettings(link: RedisLink): Promise<ReadonlyMap<string, string>> {
  const asked = SETTINGS.map((pattern) => link.command('CONFIG', 'GET', pattern).then(settingsIn).catch(noSettings));
  return new Map((await Promise.all(asked)).flatMap((settings) => [...settings]));
}

function noSettings(error: unknown): ReadonlyMap<string, string> {
  if (error instanceof RedisopsError && isErrorReply(error.code)) return new Map();
  throw error;
}
