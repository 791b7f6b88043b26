import type { Client } from 'ssh2';
import type { NodeAddress } from '../domain/desired.ts';
import type { NodeSession, Nodes } from '../ports.ts';
import { openRedis } from './redis-link.ts';
import { runCommand } from './ssh-command.ts';
import { openSsh, type SshSettings } from './ssh-connect.ts';
import { streamToRedis } from './ssh-forward.ts';
import { holdCommand } from './ssh-hold.ts';

export type { SshSettings } from './ssh-connect.ts';

const CLOSE_MS = 1000;

/** The way to the nodes over SSH: one kept connection a node, shared by all who ask; a broken one is made anew. */
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
      await Promise.all(open.flatMap((each) => (each.status === 'fulfilled' ? [end(each.value)] : [])));
    },
  };
}

function sessionOver(client: Client, node: NodeAddress, root: boolean): NodeSession {
  return {
    node,
    run: (script, options) => runCommand(client, node, root, script, options),
    hold: (script, options) => holdCommand(client, node, root, script, options),
    redis: async (password) => openRedis(await streamToRedis(client, node), node, password),
  };
}

function end(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      client.destroy();
      resolve();
    }, CLOSE_MS);
    client.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    client.end();
  });
}
