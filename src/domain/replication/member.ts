import { bytes, duration, keyCount } from '../text/figures.ts';
import type { Endpoint } from './endpoint.ts';
import type { ReplicationView } from './view.ts';

/** A node of a cluster, with its own view of replication. */
export interface Member {
  name: string;
  endpoint: Endpoint;
  /** Null if Redis is stopped or unreadable. */
  redis: (ReplicationView & { keys: number }) | null;
  /** Whether Redis is known to be stopped. */
  isStopped: boolean;
  /** Whether Redis answered, if only with an error. */
  answers: boolean;
  /** Whether its host is read and its Redis runs, but gives no answer that makes sense. */
  isUnreadable?: boolean;
  /** The node it replicates from; null if that is no node of the cluster. */
  follows: string | null;
  /** Nodes that a person’s decision for this one passed over. */
  over?: readonly string[];
  /** Data files that a stopped Redis could load. */
  files: readonly { path: string; bytes: number }[];
}

/** `redis-02: 1000 keys, offset 14000, replication ID 0a1b2c3d, heard its master 12 s ago`. */
export function holding({ name, redis, files, isStopped }: Member): string {
  if (redis) {
    const id = redis.replicationId.slice(0, 8);
    return `${name}: ${keyCount(redis.keys)}, offset ${redis.offset}, replication ID ${id}${contact(redis)}`;
  }
  if (!isStopped) return `${name}: unknown`;
  if (files.length === 0) return `${name}: no data file on disk`;
  return `${name}: on disk ${files.map(({ path, bytes: size }) => `${path} (${bytes(size)})`).join(', ')}`;
}

function contact({ master }: ReplicationView): string {
  if (!master) return '';
  const seconds = master.up ? master.lastIoSeconds : master.downSeconds;
  return seconds === undefined || seconds === null || seconds < 0
    ? ', never heard its master'
    : `, heard its master ${duration(seconds * 1000)} ago`;
}

/** The member with the most data: by offset within one history, by keys across histories. */
export function fullest(members: readonly Member[]): Member | null {
  const histories = new Set(members.map(({ redis }) => redis?.replicationId));
  const weights = ({ redis }: Member): readonly [number, number] => {
    if (!redis) return [-1, -1];
    return histories.size === 1 ? [redis.offset, redis.keys] : [redis.keys, redis.offset];
  };
  const [first = null] = members.toSorted((one, other) => {
    const [a, b] = [weights(one), weights(other)];
    return b[0] - a[0] || b[1] - a[1];
  });
  return first;
}
