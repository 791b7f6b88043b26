import { z } from 'zod';
import type { AttachedReplica, MasterLink } from '../domain/facts.ts';

export type Info = ReadonlyMap<string, string>;

/** INFO’s `name:value` lines. */
export function parseInfo(text: string): Info {
  return new Map(
    text.split(/\r?\n/).flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at < 1 || line.startsWith('#') ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}

/**
 * A field that must be there.
 * @throws Error where INFO lacks it.
 */
export function infoText(info: Info, name: string): string {
  const value = info.get(name);
  if (value === undefined) throw new Error(`INFO has no ${name}`);
  return value;
}

/** As `infoText`, for a number. */
export function infoNumber(info: Info, name: string): number {
  const value = Number(infoText(info, name));
  if (Number.isNaN(value)) throw new Error(`INFO’s ${name} is not a number`);
  return value;
}

const linkState = z.enum(['connect', 'connecting', 'handshake', 'sync', 'connected', 'none']).catch('none');

/** A replica’s own word on its link; `state` is ROLE’s. */
export function parseMasterLink(info: Info, state: string): MasterLink {
  const total = Number(info.get('master_sync_total_bytes') ?? 0);
  const read = info.get('master_sync_read_bytes');
  return {
    host: info.get('master_host') ?? '',
    port: Number(info.get('master_port') ?? 0),
    state: linkState.parse(state),
    up: info.get('master_link_status') === 'up',
    lastIoSeconds: Number(info.get('master_last_io_seconds_ago') ?? -1),
    syncInProgress: info.get('master_sync_in_progress') === '1',
    ...(read === undefined ? {} : { syncReadBytes: Number(read) }),
    // Zero and less: a diskless master does not know beforehand.
    ...(total > 0 ? { syncTotalBytes: total } : {}),
  };
}

/** `slave0:ip=10.0.0.124,port=6379,state=online,offset=348605,lag=0`. */
export function parseReplicas(info: Info): readonly AttachedReplica[] {
  return [...info].flatMap(([name, value]) => {
    if (!/^slave\d+$/.test(name)) return [];
    const fields = fieldsOf(value);
    return [
      {
        address: fields.get('ip') ?? '',
        port: Number(fields.get('port') ?? 0),
        state: fields.get('state') ?? '',
        offset: Number(fields.get('offset') ?? 0),
        lagSeconds: Number(fields.get('lag') ?? -1),
      },
    ];
  });
}

/**
 * Bytes per second that replicas have to be sent. Now: what they are sent, or, while one takes up all data or there is
 * none, what clients send. On average: the replication offset and what was sent to replicas both have grown by at least
 * the writes since the start; the lesser is nearer, as the one may be inherited and the other has synchronisations in it.
 */
export function writeRate(info: Info): number {
  const replicas = parseReplicas(info);
  const isStreaming = replicas.length > 0 && replicas.every(({ state }) => state === 'online');
  const kibibytes = isStreaming
    ? infoNumber(info, 'instantaneous_output_repl_kbps') / replicas.length
    : infoNumber(info, 'instantaneous_input_kbps');
  const sent = Math.min(infoNumber(info, 'master_repl_offset'), infoNumber(info, 'total_net_repl_output_bytes'));
  return Math.max(kibibytes * 1024, sent / Math.max(1, infoNumber(info, 'uptime_in_seconds')));
}

/** `db0:keys=1000,expires=0,avg_ttl=0`: keys by database index. */
export function parseKeyspace(info: Info): ReadonlyMap<number, number> {
  return new Map(
    [...info].flatMap(([name, value]): [number, number][] =>
      /^db\d+$/.test(name) ? [[Number(name.slice(2)), Number(fieldsOf(value).get('keys') ?? 0)]] : [],
    ),
  );
}

function fieldsOf(value: string): ReadonlyMap<string, string> {
  return new Map(
    value.split(',').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
