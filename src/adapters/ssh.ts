import type { Client } from 'ssh2';
import type { Duplex } from 'node:stream';
import type { NodeAddress } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import type { NodeSession, Nodes } from '../ports.ts';
import { openRedis } from './redis-link.ts';
import { connectionLost, runCommand } from './ssh-command.ts';
import { openSsh, type SshSettings } from './ssh-connect.ts';
import { holdCommand } from './ssh-hold.ts';

export type { SshSettings } from './ssh-connect.ts';

const FORWARD_TIMEOUT_MS = 5000;

/** The way to the nodes over SSH: one kept connection a node, shared by all who ask. */
export function sshNodes(settings: SshSettings): Nodes {
  const connections = new Map<string, Promise<Client>>();

  const connectionTo = (node: NodeAddress): Promise<Client> => {
    const key = `${node.sshUser ?? settings.user}@${node.address}:${node.sshPort}`;
    const known = connections.get(key);
    if (known) return known;
    const opening = openSsh(node, settings);
    connections.set(key, opening);
    const forget = () => {
      if (connections.get(key) === opening) connections.delete(key);
    };
    opening.then((client) => client.once('close', forget), forget);
    return opening;
  };

  return {
    async connect(node) {
      return sessionOver(await connectionTo(node), node, (node.sshUser ?? settings.user) === 'root');
    },
    async close() {
      const open = await Promise.allSettled(connections.values());
      connections.clear();
      await Promise.all(open.map((each) => (each.status === 'fulfilled' ? end(each.value) : null)));
    },
  };
}

function sessionOver(client: Client, node: NodeAddress, isRoot: boolean): NodeSession {
  return {
    node,
    run: (script, options) => runCommand(client, node, isRoot, script, options),
    hold: (script, options) => holdCommand(client, node, isRoot, script, options),
    redis: async (password) => openRedis(await streamToRedis(client, node), node, password),
  };
}

/** Redis listens on loopback where `bind` names it, and on the node’s address otherwise. */
async function streamToRedis(client: Client, node: NodeAddress): Promise<Duplex> {
  try {
    return await forward(client, node, '127.0.0.1');
  } catch (error) {
    if (!(error instanceof RedisopsError) || error.code !== 'REDIS_UNREACHABLE') throw error;
    return forward(client, node, node.address);
  }
}

function forward(client: Client, node: NodeAddress, address: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(silent(node)), FORWARD_TIMEOUT_MS);
    const lost = () => {
      clearTimeout(timer);
      reject(connectionLost(node));
    };
    client.once('close', lost);
    try {
      client.forwardOut('127.0.0.1', 0, address, node.redisPort, (error, stream) => {
        clearTimeout(timer);
        client.off('close', lost);
        if (error) return reject(refused(node));
        stream.on('error', () => {});
        resolve(stream);
      });
    } catch (error) {
      clearTimeout(timer);
      reject(connectionLost(node, error));
    }
  });
}

function refused(node: NodeAddress): RedisopsError {
  return new RedisopsError('REDIS_UNREACHABLE', `Nothing listens on port ${node.redisPort} of ${node.name}.`, {
    hint: 'Is redis-server running? `systemctl status redis-server` on the node tells.',
  });
}

function silent(node: NodeAddress): RedisopsError {
  return new RedisopsError('REDIS_TIMEOUT', `Port ${node.redisPort} of ${node.name} did not answer in time.`, {
    hint: 'Redis may hang: look at its log and load.',
  });
}

function end(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      client.destroy();
      resolve();
    }, 1000);
    client.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    client.end();
  });
}
