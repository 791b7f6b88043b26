import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { WebSocketServer } from 'ws';
import { z } from 'zod';

export const APP_TOKEN = 'xapp-stand-in-app';
/** Slack’s limit for an acknowledgement. */
const ACKNOWLEDGED_WITHIN_MS = 3000;

const acknowledgement = z.object({ envelope_id: z.string() });

/** Slack’s side of Socket Mode (docs.slack.dev, Using Socket Mode). */
export interface SlackSockets {
  /** The answer to `apps.connections.open`. */
  open(request: IncomingMessage): object;
  /** Sends an envelope over the newest connection; 200 if acknowledged in time, otherwise 408. */
  send(type: 'slash_commands' | 'interactive', payload: object): Promise<{ status: number; body: string }>;
  close(): void;
}

/** @param address Of the server, such as `10.0.0.1:1234`. */
export function slackSockets(server: Server, address: string): SlackSockets {
  const sockets = new WebSocketServer({ noServer: true });
  const waiting = new Map<string, () => void>();
  const tickets = new Set<string>();
  // An address is valid for one connection.
  server.on('upgrade', (request, socket, head) => {
    if (!tickets.delete(request.url ?? '')) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (connection) => {
      connection.on('message', (data: Buffer) => {
        const { envelope_id } = acknowledgement.parse(JSON.parse(data.toString()));
        waiting.get(envelope_id)?.();
      });
      connection.send(JSON.stringify({ type: 'hello', num_connections: sockets.clients.size }));
    });
  });
  return {
    open(request) {
      if (request.headers.authorization !== `Bearer ${APP_TOKEN}`) return { ok: false, error: 'invalid_auth' };
      const ticket = `/link/?ticket=${randomUUID()}`;
      tickets.add(ticket);
      return { ok: true, url: `ws://${address}${ticket}` };
    },
    async send(type, payload) {
      const connection = [...sockets.clients].findLast(({ readyState, OPEN }) => readyState === OPEN);
      if (!connection) return { status: 408, body: 'the app is not connected' };
      const envelope = randomUUID();
      return new Promise((resolve) => {
        const end = (status: number): void => {
          clearTimeout(timer);
          waiting.delete(envelope);
          resolve({ status, body: '' });
        };
        const timer = setTimeout(() => end(408), ACKNOWLEDGED_WITHIN_MS);
        waiting.set(envelope, () => end(200));
        connection.send(JSON.stringify({ envelope_id: envelope, type, accepts_response_payload: true, payload }));
      });
    },
    close() {
      for (const connection of sockets.clients) connection.terminate();
      sockets.close();
    },
  };
}
