import type { HangingClients } from './failover-record.ts';
import { nodeWords } from '../node-words.ts';

const MOST_SHOWN = 10;
/** Longest CLIENT LIST that is read. */
const MOST_LINES = 20_000;

/**
 * Clients in a reply to CLIENT LIST, by address and name, most first. Not replicas, Sentinels and connections from the
 * host itself, which are redisops’s.
 */
export function clientsIn(reply: unknown): HangingClients {
  const lines = typeof reply === 'string' ? reply.split('\n', MOST_LINES) : [];
  const counts = new Map<string, number>();
  for (const line of lines) {
    const fields = new Map(
      line.split(' ').map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
    );
    const host = hostOf(fields.get('addr'));
    const name = fields.get('name') ?? '';
    const isServer = /[MSO]/.test(fields.get('flags') ?? '') || name.startsWith('sentinel-');
    if (host === '' || isServer || isSameHost(host, hostOf(fields.get('laddr')))) continue;
    const who = name === '' ? host : `${host} (${nodeWords(name).slice(0, 40)})`;
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  const all = [...counts].toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const shown = all.slice(0, MOST_SHOWN).map(([who, times]) => (times === 1 ? who : `${who} × ${times}`));
  return all.length > MOST_SHOWN ? [...shown, `and ${all.length - MOST_SHOWN} more`] : shown;
}

function hostOf(endpoint = ''): string {
  return endpoint.slice(0, Math.max(0, endpoint.lastIndexOf(':')));
}

function isSameHost(host: string, own: string): boolean {
  return host === own || host === '127.0.0.1' || host === '::1' || host === '[::1]';
}
