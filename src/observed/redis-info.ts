import type { AttachedReplica, MasterLink } from '../domain/facts.ts';

/** INFO’s `name:value` lines. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf(':');
    return at === -1 || line.startsWith('#') ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  return new Map(pairs);
}

/** `slave0:ip=10.0.0.124,port=6379,state=online,offset=14,lag=1` */
export function parseReplicas(info: ReadonlyMap<string, string>): readonly AttachedReplica[] {
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

/** `db0:keys=12,expires=0,avg_ttl=0` */
export function parseKeyspace(info: ReadonlyMap<string, string>): ReadonlyMap<number, number> {
  const databases = [...info].flatMap(([name, value]) => {
    const index = /^db(\d+)$/.exec(name)?.[1];
    return index === undefined ? [] : [[Number(index), Number(fieldsOf(value).get('keys') ?? 0)] as const];
  });
  return new Map(databases);
}

const LINK_STATES = ['connect', 'connecting', 'handshake', 'sync', 'connected', 'none'] as const;

/** A replica’s link, from INFO and from ROLE’s finer word. */
export function parseMasterLink(info: ReadonlyMap<string, string>, roleState: string): MasterLink {
  const total = Number(info.get('master_sync_total_bytes') ?? Number.NaN);
  const read = Number(info.get('master_sync_read_bytes') ?? Number.NaN);
  return {
    host: info.get('master_host') ?? '',
    port: Number(info.get('master_port') ?? 0),
    state: LINK_STATES.find((state) => state === roleState) ?? 'none',
    up: info.get('master_link_status') === 'up',
    lastIoSeconds: Number(info.get('master_last_io_seconds_ago') ?? -1),
    syncInProgress: info.get('master_sync_in_progress') === '1',
    ...(Number.isFinite(read) && read >= 0 ? { syncReadBytes: read } : {}),
    ...(Number.isFinite(total) && total > 0 ? { syncTotalBytes: total } : {}),
  };
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').map((field) => {
    const [name = '', value = ''] = field.split('=', 2);
    return [name, value] as const;
  });
  return new Map(pairs);
}
