import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverAudit } from '../../../src/adapters/audit/delivery.ts';
import { auditSinks } from '../../../src/adapters/audit/sinks.ts';
import { auditTrailIn } from '../../../src/adapters/audit/trail.ts';
import { isGenuine } from '../../../src/domain/audit/chain.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { auditedEntry } from '../../domain/audit/entries.ts';

let state: string;
/** Closes what a test opened. */
let closing: (() => void)[];
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'redisops-'));
  closing = [];
});
afterEach(async () => {
  for (const close of closing) close();
  await rm(state, { recursive: true, force: true });
});

async function listening(server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const write = (what: string) => auditTrailIn(state).append(auditedEntry(what));

describe('the webhook', () => {
  it('gets every entry as a line of JSON, later those that it did not take', async () => {
    const bodies: string[] = [];
    let status = 500;
    const server = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        if (status === 200) bodies.push(body);
        response.writeHead(status).end();
      });
    });
    const url = new Secret(`http://127.0.0.1:${await listening(server)}/audit?token=canary`);
    const sinks = auditSinks({ AUDIT_WEBHOOK_URL: url }, fetch);
    await write('apply');
    await write('lock');
    const failure = await deliverAudit(state, sinks).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'AUDIT_FAILED',
      message: 'The audit cannot be sent to the webhook: HTTP status 500',
    });
    expect(String(failure)).not.toContain('canary');
    status = 200;
    await deliverAudit(state, sinks);
    await deliverAudit(state, sinks);
    await write('unlock');
    await deliverAudit(state, sinks);
    const lines = bodies.map((body) => body.trimEnd().split('\n'));
    expect(lines.map((each) => each.length)).toEqual([2, 1]);
    expect(lines.flat().every(isGenuine)).toBe(true);
  });

  it('that is not there is named, without its URL', async () => {
    await write('apply');
    const sinks = auditSinks({ AUDIT_WEBHOOK_URL: new Secret('http://127.0.0.1:1/canary') }, fetch);
    const failure = await deliverAudit(state, sinks).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'AUDIT_FAILED' });
    expect(String(failure)).not.toContain('canary');
  });
});

describe('syslog', () => {
  it('gets RFC 5424 messages with counted octets over TCP', async () => {
    let received = '';
    const server = createServer((socket) => socket.on('data', (part) => (received += part.toString())));
    const sinks = auditSinks({ AUDIT_SYSLOG_URL: `tcp://127.0.0.1:${await listening(server)}` }, fetch);
    await write('apply');
    await write('lock “ü”');
    await deliverAudit(state, sinks);
    await expect.poll(() => received).toContain('lock “ü”');
    const [, length = '', header = '', line = ''] =
      /^(\d+) (<109>1 2025-11-23T12:00:00\.000Z \S+ redisops - audit - )(\{.*?"what":"apply"\})(?=\d)/.exec(received) ??
      [];
    expect(Number(length)).toBe(Buffer.byteLength(header + line));
    expect(isGenuine(line)).toBe(true);
  });

  it('gets one datagram for each entry over UDP', async () => {
    const received: string[] = [];
    const socket = createSocket('udp4');
    socket.on('message', (message) => received.push(message.toString()));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    closing.push(() => socket.close());
    await write('apply');
    await write('lock');
    await deliverAudit(state, auditSinks({ AUDIT_SYSLOG_URL: `udp://127.0.0.1:${socket.address().port}` }, fetch));
    await expect.poll(() => received.length).toBe(2);
    expect(received[0]).toMatch(/^<109>1 .*"what":"apply"\}$/);
  });

  it('that is not there keeps nothing from the webhook', async () => {
    let bodies = 0;
    const server = createHttpServer((_request, response) => {
      bodies += 1;
      response.end();
    });
    const url = new Secret(`http://127.0.0.1:${await listening(server)}/`);
    await write('apply');
    const sinks = auditSinks({ AUDIT_SYSLOG_URL: 'tcp://127.0.0.1:1', AUDIT_WEBHOOK_URL: url }, fetch);
    await expect(deliverAudit(state, sinks)).rejects.toThrow(/cannot be sent to the syslog/);
    expect(bodies).toBe(1);
  });
});
