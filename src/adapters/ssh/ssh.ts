import { connect } from 'node:net';
import type { Client } from 'ssh2';
import type { NodeAddress } from '../../domain/desired.ts';
import { listenToRedis } from '../redis/redis-link.ts';
import { openOver } from '../redis/open-over.ts';
import type { Connection } from './channel.ts';
import { runCommand } from './command.ts';
import type { SshSettings } from './connect.ts';
import { forward, streamToRedis } from './forward.ts';
import { holdCommand } from './hold.ts';
import { KeptShell } from './kept-shell.ts';
import { SessionSlots } from './slots.ts';
import type { Target } from './start-script.ts';
import { streamCommand } from './stream.ts';
import { talkTo } from './talk.ts';
import type { NodeSession, Nodes } from '../../ports/nodes.ts';

export type { SshSettings } from './connect.ts';

const CLOSE_MS = 1000;
/** Of the ten that sshd’s MaxSessions allows by default. Forwarded connections do not count. */
const SESSIONS = 8;

/** Access to nodes over SSH: one shared connection per node; a broken one is replaced. */
export function sshNodes(settings: SshSettings): Nodes {
  const connections = new Map<string, Promise<Connection>>();

  const connectionTo = (node: NodeAddress): Promise<Connection> => {
    const key = `${node.sshUser ?? settings.user}@${node.address}:${node.sshPort}`;
    const known = connections.get(key);
    if (known) return known;
    const opening = open(node, settings);
    connections.set(key, opening);
    const forget = () => {
      if (connections.get(key) === opening) connections.delete(key);
    };
    // Between the node’s last data and the close, a connection accepts no commands.
    opening.then(({ client }) => client.once('end', forget).once('error', forget).once('close', forget), forget);
    return opening;
  };

  return {
    checkHere: async () => (await import('./local-files.ts')).checkSshFiles(settings),
    async connect(node) {
      return sessionOver({
        connection: await connectionTo(node),
        node,
        root: (node.sshUser ?? settings.user) === 'root',
      });
    },
    async listen(node, password, take) {
      const { client } = await connectionTo(node);
      return listenToRedis(await streamToRedis(client, node), node, password, take);
    },
    async close() {
      const open = await Promise.allSettled(connections.values());
      connections.clear();
      await Promise.all(open.flatMap((each) => (each.status === 'fulfilled' ? [end(each.value.client)] : [])));
    },
  };
}

async function open(node: NodeAddress, settings: SshSettings): Promise<Connection> {
  const socket = connect({ host: node.address, port: node.sshPort, noDelay: true });
  // openSsh looks at it.
  socket.on('error', () => {});
  // Large, and unnecessary for verbs without nodes: loaded while the first node’s sshd starts.
  const { openSsh } = await import('./connect.ts');
  const client = await openSsh(socket, node, settings);
  return { client, slots: new SessionSlots(SESSIONS), shell: new KeptShell() };
}

function sessionOver(target: Target): NodeSession {
  const { connection, node } = target;
  return {
    node,
    run: (script, options) => runCommand(target, script, options),
    stream: (script, options, take) => streamCommand(target, script, options, take),
    hold: (script, options) => holdCommand(target, script, options),
    talk: (script, options) => talkTo(target, script, options),
    redis: (password, at) =>
      openOver(
        () => (at ? forward(connection.client, node, at) : streamToRedis(connection.client, node)),
        node,
        password,
      ),
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
