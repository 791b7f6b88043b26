import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { asRedisopsError, type RedisopsError } from '../domain/error.ts';
import type { AttachedReplica, MasterLink } from '../domain/facts.ts';
import { parseInfo, parseMasterLink, parseReplicas } from '../observed/redis-info.ts';
import type { Nodes, RedisLink } from '../ports/nodes.ts';

/** A node’s Redis as the verification sees it, with the connection that it goes on with. */
export type Look = ReadLook | FailedLook;

export interface ReadLook {
  node: DesiredNode;
  read: true;
  link: RedisLink;
  state: NodeState;
}

export interface FailedLook {
  node: DesiredNode;
  read: false;
  error: RedisopsError;
}

/** From INFO replication, INFO persistence and ROLE. Offset in bytes. */
export interface NodeState {
  role: 'master' | 'replica';
  replicationId: string;
  offset: number;
  loading: boolean;
  master: MasterLink | null;
  replicas: readonly AttachedReplica[];
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
    return { ...look, state: await readNode(look.link) };
  } catch (error) {
    look.link.close();
    return { node: look.node, read: false, error: asRedisopsError(error) };
  }
}

async function lookThrough(link: RedisLink, node: DesiredNode): Promise<Look> {
  try {
    return { node, read: true, link, state: await readNode(link) };
  } catch (error) {
    link.close();
    throw error;
  }
}

async function readNode(link: RedisLink): Promise<NodeState> {
  const [replication, persistence, role] = await Promise.all([
    link.command('INFO', 'replication'),
    link.command('INFO', 'persistence'),
    link.command('ROLE'),
  ]);
  const word = Array.isArray(role) ? String(role[3] ?? '') : '';
  return parseNode(`${String(replication)}\n${String(persistence)}`, word);
}

export function parseNode(text: string, roleWord: string): NodeState {
  const info = parseInfo(text);
  const isReplica = info.get('role') === 'slave';
  return {
    role: isReplica ? 'replica' : 'master',
    replicationId: info.get('master_replid') ?? '',
    offset: Number(info.get(isReplica ? 'slave_repl_offset' : 'master_repl_offset') ?? 0),
    loading: info.get('loading') === '1' || info.get('async_loading') === '1',
    master: isReplica ? parseMasterLink(info, roleWord) : null,
    replicas: parseReplicas(info),
  };
}
