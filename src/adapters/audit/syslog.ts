import { createSocket } from 'node:dgram';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { lineOf, type ChainedEntry } from '../../domain/audit/chain.ts';
import { hostOf } from '../../domain/text/host-of.ts';
import { within } from '../../time/within.ts';
import type { Sink } from './delivery.ts';

/** Facility 13, log audit; severity 5, notice (RFC 5424, 6.2.1). */
const PRIORITY = 13 * 8 + 5;
const TIMEOUT_MS = 5000;
const PORTS: Readonly<Record<string, number>> = { 'udp:': 514, 'tcp:': 601, 'tls:': 6514 };

/** RFC 5424 messages over UDP, or TCP and TLS with counted octets (RFC 6587, RFC 5425). @param url `tcp://host:601` */
export function syslogSink(url: string): Sink {
  const place = new URL(url);
  const { protocol, port } = place;
  const to = { host: hostOf(place), port: Number(port) || (PORTS[protocol] ?? 514) };
  const send = protocol === 'udp:' ? sendDatagrams : sendStream;
  return {
    name: 'syslog',
    deliver: (entries) => {
      const messages = entries.map(messageOf);
      return within(TIMEOUT_MS, send(messages, to, protocol), () => new Error('no answer in time'));
    },
  };
}

function messageOf(entry: ChainedEntry): Buffer {
  const host = entry.host.replaceAll(/[^!-~]/g, '') || '-';
  return Buffer.from(`<${PRIORITY}>1 ${entry.at} ${host} redisops - audit - ${lineOf(entry)}`);
}

interface To {
  host: string;
  port: number;
}

async function sendDatagrams(messages: readonly Buffer[], { host, port }: To): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    for (const message of messages)
      await new Promise<void>((resolve, reject) => {
        socket.send(message, port, host, (error) => (error ? reject(error) : resolve()));
      });
  } finally {
    socket.close();
  }
}

async function sendStream(messages: readonly Buffer[], to: To, protocol: string): Promise<void> {
  const isTls = protocol === 'tls:';
  const socket: Socket = isTls ? connectTls({ ...to, servername: to.host }) : connectTcp(to);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the connection was closed')));
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        const framed = messages.flatMap((message) => [Buffer.from(`${message.length} `), message]);
        // The receiver has read everything once it closes after our end, or the bytes are with the kernel.
        socket.end(Buffer.concat(framed), resolve);
      });
    });
  } finally {
    socket.destroySoon();
  }
}
