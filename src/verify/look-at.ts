import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { asRedisopsError, type RedisopsError } from '../domain/error.ts';
import { Info } from '../domain/replication/info.ts';
import { replicationView, type ReplicationView } from '../domain/replication/view.ts';
import type { Nodes, RedisLink } from '../ports/nodes.ts';

/** A node’s Redis as the verification sees it, with the connection that it goes on with. */
export type Look = ReadLook | FailedLook;

export interface ReadLook {
  node: DesiredNode;
  read: true;
  link: RedisLink;
  view: ReplicationView;
}

export interface FailedLook {
  node: DesiredNode;
  read: false;
  error: RedisopsError;
}

export async function lookAt(node: DesiredNode, desired: DesiredCluster, nodes: Nodes): Promise<Look> {
  try {
    const session = await nodes.connect(node);
    return await lookThrough(await session.redis(desired.password), node);
  } catch (error) {
    return { node, read: false, error: asRedisopsError(error) };
  }
}

/** Looks again, over the same connection. */
export async function lookAgain(look: Look): Promise<Look> {
  if (!look.read) return look;
  try {
    return { ...look, view: await readView(look.link) };
  } catch (error) {
    look.link.close();
    return { node: look.node, read: false, error: asRedisopsError(error) };
  }
}

async function lookThrough(link: RedisLink, node: DesiredNode): Promise<Look> {
  try {
    return { node, read: true, link, view: await readView(link) };
  } catch (error) {
    link.close();
    throw error;
  }
}

async function readView(link: RedisLink): Promise<ReplicationView> {
  const [info, role] = await Promise.all([link.command('INFO'), link.command('ROLE')]);
  return replicationView(new Info(info), role);
}
