/** What a replica’s log line says about its synchronization. `MASTER` stands for its master’s name. */
interface SyncFailure {
  pattern: RegExp;
  cause: string;
  byHand: string;
}

const RETRIES = 'The replica retries by itself. A forced resynchronization would fail the same way.';

/** By Redis’s own words (replication.c, rdb.c), the most telling first. */
export const SYNC_FAILURES: readonly SyncFailure[] = [
  {
    pattern: /-DENIED Redis is running in protected mode/,
    cause: 'MASTER refuses its replicas: protected mode is on, and it has no password.',
    byHand: 'Set requirepass on MASTER to the password in Git.',
  },
  {
    pattern: /Unable to AUTH to MASTER|-NOAUTH|-WRONGPASS/,
    cause: 'MASTER refuses the replica’s masterauth.',
    byHand: 'Set masterauth on the replica to MASTER’s password.',
  },
  {
    pattern: /max number of clients reached/,
    cause: 'MASTER has as many clients as its maxclients allows, and refuses the replica.',
    byHand: 'Close idle clients of MASTER, or raise its maxclients.',
  },
  {
    pattern: /-MISCONF/,
    cause: 'MASTER cannot save to its disk, so it refuses the replica’s PING (MISCONF).',
    byHand: 'Fix MASTER’s disk.',
  },
  {
    pattern: /-LOADING/,
    cause: 'MASTER is loading its data: the replica must wait.',
    byHand: 'Wait. Do not restart MASTER: loading would begin again.',
  },
  {
    pattern: /-NOPERM|unknown command/i,
    cause: 'MASTER does not let the replica run a command that replication needs (ACL or rename-command).',
    byHand: 'Allow PING, PSYNC and REPLCONF to the replica’s user on MASTER.',
  },
  {
    pattern: /Read-only file system/,
    cause: 'The replica cannot write its data directory: it is read-only for Redis.',
    byHand: 'Make the directory writable: check the unit’s ReadWritePaths, then the mount.',
  },
  {
    pattern: /No space left on device|short write|Write error/i,
    cause: 'The disk of the replica’s data directory is full: it has no room for the snapshot.',
    byHand: 'Free space there: `df -h` and `df -i` show what is missing.',
  },
  {
    pattern: /Opening the temp file.{0,80}Permission denied/,
    cause: 'Redis may not write the replica’s data directory: its owner or mode is wrong.',
    byHand: 'Make redis the owner of the data directory.',
  },
  {
    pattern: /Failed trying to rename the temp DB/,
    cause:
      'The replica cannot rename the snapshot it received: dbfilename is empty, or the directory is not writable. It is emptied at each try.',
    byHand: 'Set dbfilename in redis.conf and restart the replica.',
  },
  {
    pattern: /Can't handle RDB format version/,
    cause: 'MASTER runs a newer version: the replica cannot read its snapshots.',
    byHand: 'Upgrade the replica first, to MASTER’s version.',
  },
  {
    pattern: /MASTER aborted replication.{0,80}BGSAVE failed/,
    cause: 'MASTER cannot fork to save a snapshot.',
    byHand: 'Check memory and vm.overcommit_memory on MASTER: its log has “Can’t save in background”.',
  },
  {
    pattern: /Timeout receiving bulk data|I\/O error reading bulk count/,
    cause: 'The snapshot from MASTER breaks off on its way.',
    byHand: 'Check MASTER’s log for “output buffer limits”, and the network between the two (MTU).',
  },
  {
    pattern: /Error condition on socket for SYNC: Connection refused/,
    cause: 'MASTER refuses the connection.',
    byHand: 'Check that Redis listens on the address that the replica uses: `bind` on MASTER, then its firewall.',
  },
  {
    pattern: /No route to host|Network is unreachable/,
    cause: 'The replica’s host has no route to MASTER, or a firewall rejects it.',
    byHand: 'Check the routes and the firewalls of both hosts.',
  },
  {
    pattern: /Connection timed out|Timeout connecting to the MASTER|Operation now in progress/,
    cause: 'Packets from the replica to MASTER get no answer.',
    byHand: 'Check the firewalls of both hosts, and the route back.',
  },
  {
    pattern: /Unable to connect to MASTER: (?:Invalid argument|Name or service)/,
    cause: 'The replica’s host cannot resolve the name of its master.',
    byHand: 'Fix the name, or follow an address.',
  },
].map((failure) => ({ ...failure, byHand: `${failure.byHand} ${RETRIES}` }));

const SYNCHRONIZED = /MASTER <-> REPLICA sync: (?:Finished with success|Master accepted a Partial Resync)/i;

/** The last failure since the last successful synchronization; null if the log has none. */
export function lastSyncFailure(log: readonly string[]): { failure: SyncFailure; line: string } | null {
  const since = log.slice(log.findLastIndex((line) => SYNCHRONIZED.test(line)) + 1);
  for (const line of since.toReversed()) {
    const failure = SYNC_FAILURES.find(({ pattern }) => pattern.test(line));
    if (failure) return { failure, line };
  }
  return null;
}
