import type { DirectiveChange } from '../../domain/action.ts';
import { memoryBytes } from '../../domain/redis/directive-value.ts';
import type { RedisUp } from '../../domain/facts.ts';

/** The running Redis and its host, as far as harm depends on them. */
export interface Surroundings {
  redis: Pick<RedisUp, 'usedMemoryBytes' | 'requiresPassword'>;
  memoryAvailableBytes: number;
}

/** Why a change of a directive can be made without an approval. */
export interface Harmless {
  /** The harmless changes, in words: docs/directives.md is generated from them. */
  which: string;
  because: string;
  is(change: Values, surroundings: Surroundings): boolean;
}

type Values = Pick<DirectiveChange, 'from' | 'to'>;

const MOST_LOG_ENTRIES = 10_000;
/** A new limit leaves the dataset a quarter more than it uses. */
const HEADROOM = 1.25;
/** The backlog grows to its size over time: it may take a tenth of the free memory. */
const BACKLOG_SHARE = 0.1;

/**
 * The only changes that need no approval: each was tried on Redis 7.0.15 with clients and a replica connected. Whatever
 * is missing here waits for an approval, also a directive that Redis gains later.
 */
export const HARMLESS: Readonly<Record<string, Harmless>> = {
  'acllog-max-len': moreEntries('ACL LOG keeps more refusals. With fewer, evidence would be dropped.'),
  activerehashing: switched('yes', 'Redis rehashes for a millisecond ten times a second, while it is idle.'),
  'aof-rewrite-incremental-fsync': switched('yes', 'A rewrite goes to disk in small parts.'),
  'crash-log-enabled': switched('yes', 'A crash leaves a report in the log.'),
  'dynamic-hz': any('It changes how often background work runs, not what clients get.'),
  hz: any('It changes how often background work runs, not what clients get.'),
  'latency-monitor-threshold': any('It decides which events LATENCY records: 160 of a kind at most.'),
  'latency-tracking': any('It only keeps statistics for INFO.'),
  'latency-tracking-info-percentiles': any('It only decides what INFO shows.'),
  'lazyfree-lazy-expire': switched('yes', 'The memory of expired keys is freed in the background.'),
  'lazyfree-lazy-server-del': switched('yes', 'The memory of replaced values is freed in the background.'),
  'lazyfree-lazy-user-del': switched('yes', 'The memory of deleted keys is freed in the background.'),
  loglevel: any('It only decides what Redis logs.'),
  masterauth: {
    which: 'set where none was, on a node that requires a password',
    because: 'Replication needs it. A link that is up stays up.',
    is: ({ from, to }, { redis }) => from === '' && to !== '' && redis.requiresPassword,
  },
  maxclients: raised('More clients may connect. Redis refuses a number that the process has no file descriptors for.'),
  maxmemory: {
    which: 'raised within the node’s memory, or lowered to at least 125 % of the memory in use',
    because: 'No key is evicted and no write is refused.',
    is: isRoomy,
  },
  'rdb-save-incremental-fsync': switched('yes', 'A snapshot goes to disk in small parts.'),
  rdbcompression: switched('yes', 'The next snapshot is smaller.'),
  'repl-backlog-size': {
    which: 'raised by at most a tenth of the node’s free memory',
    because: 'A replica may be away for longer. Redis keeps the backlog it has.',
    is: ({ from, to }, { memoryAvailableBytes }) => {
      const more = (memoryBytes(to) ?? Number.NaN) - (memoryBytes(from) ?? Number.NaN);
      return more >= 0 && more <= memoryAvailableBytes * BACKLOG_SHARE;
    },
  },
  'repl-backlog-ttl': raisedOrNone('The backlog is kept for longer after the last replica has left.'),
  'repl-disable-tcp-nodelay': switched('no', 'Replicas get writes without delay.'),
  'repl-diskless-sync': switched('yes', 'The next full synchronization needs no space on the master’s disk.'),
  'repl-diskless-sync-delay': {
    which: 'lowered',
    because: 'The next full synchronization starts sooner.',
    is: ({ from, to }) => figure(to) <= figure(from),
  },
  'repl-diskless-sync-max-replicas': any('It only decides when the next full synchronization starts.'),
  'slowlog-log-slower-than': any('It only decides what SLOWLOG records.'),
  'slowlog-max-len': {
    which: `any change up to ${MOST_LOG_ENTRIES}`,
    because: 'It only decides how much SLOWLOG keeps.',
    is: ({ to }) => figure(to) <= MOST_LOG_ENTRIES,
  },
  timeout: raisedOrNone('Idle clients are disconnected later, or never.'),
};

/** Whether a CONFIG SET of it is known to harm nobody. Unknown is not harmless. */
export function isHarmless({ directive, ...values }: DirectiveChange, surroundings: Surroundings): boolean {
  const known = Object.hasOwn(HARMLESS, directive) ? HARMLESS[directive] : undefined;
  return known?.is(values, surroundings) ?? false;
}

function any(because: string): Harmless {
  return { which: 'any change', because, is: () => true };
}

function switched(to: 'yes' | 'no', because: string): Harmless {
  return { which: `set to \`${to}\``, because, is: (change) => change.to.toLowerCase() === to };
}

function raised(because: string): Harmless {
  return { which: 'raised', because, is: ({ from, to }) => figure(to) >= figure(from) };
}

/** 0 stands for no limit. */
function raisedOrNone(because: string): Harmless {
  return {
    which: 'raised, or set to 0',
    because,
    is: ({ from, to }) => figure(to) === 0 || (figure(from) > 0 && figure(to) >= figure(from)),
  };
}

function moreEntries(because: string): Harmless {
  return {
    which: `raised to at most ${MOST_LOG_ENTRIES}`,
    because,
    is: ({ from, to }) => figure(to) >= figure(from) && figure(to) <= MOST_LOG_ENTRIES,
  };
}

function isRoomy({ from, to }: Values, { redis, memoryAvailableBytes }: Surroundings): boolean {
  const [before, limit] = [memoryBytes(from) ?? Number.NaN, memoryBytes(to) ?? Number.NaN];
  const isRaised = before > 0 && limit >= before;
  if (isRaised) return limit <= redis.usedMemoryBytes + memoryAvailableBytes;
  return limit > 0 && limit >= redis.usedMemoryBytes * HEADROOM;
}

/** NaN, which no comparison holds for, unless it is an integer. */
function figure(value: string): number {
  return /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : Number.NaN;
}
