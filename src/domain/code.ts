/**
 * Every outcome, refusal and finding has one of these codes: the same in Slack, GitHub, the command line, logs and
 * metrics. `exit` is the exit status of the command line. Codes are added, never renamed. docs/codes.md is made from here.
 */
export const CODES = {
  DONE: { exit: 0, meaning: 'The run did what was asked and the result was verified.' },
  NOTHING_TO_DO: { exit: 0, meaning: 'The nodes already are as asked.' },

  STEP_FAILED: { exit: 1, meaning: 'A step on a node failed; the run stopped there.' },
  VERIFY_FAILED: { exit: 1, meaning: 'The change was carried out, but the cluster is not healthy afterwards.' },
  TIMED_OUT: { exit: 1, meaning: 'A condition that was waited for did not come about in time.' },
  STOPPED: { exit: 1, meaning: 'The run was told to stop before its end; what was done is left as it is.' },
  RUN_NOT_OPEN: { exit: 3, meaning: 'There is no such run that is under way or waits.' },
  CLUSTER_LOCKED: { exit: 3, meaning: 'Somebody locked the cluster: no run of it starts.' },
  NOT_LOCKED: { exit: 3, meaning: 'The cluster is not locked.' },
  FROZEN: { exit: 3, meaning: 'A freeze window of redisops.yml is open: no run that changes something starts.' },
  HOLD_LOST: {
    exit: 1,
    meaning: 'The run’s lock on a node was lost, so another run may be at work there; it began no further step.',
  },
  INTERNAL: { exit: 1, meaning: 'A fault of redisops itself.' },

  SUPERSEDED: { exit: 3, meaning: 'The branch has a newer commit for the cluster; that one counts.' },
  DIRECT_PUSH: {
    exit: 3,
    meaning: 'The commit was pushed without a pull request, and redisops.yml does not apply such.',
  },
  ROLLBACK_NOWHERE: { exit: 3, meaning: 'There is no earlier commit to roll back to.' },
  STALE_PLAN: { exit: 3, meaning: 'The nodes or Git changed since the plan was approved.' },
  RUN_IN_PROGRESS: { exit: 3, meaning: 'Another run holds one of the nodes.' },
  APPROVAL_NEEDED: { exit: 3, meaning: 'The plan disturbs service or deletes files, and nobody has approved it.' },
  APPROVAL_DENIED: { exit: 3, meaning: 'A person denied the plan.' },
  APPROVAL_EXPIRED: { exit: 3, meaning: 'The approval was not given in time.' },
  APPROVAL_SPENT: { exit: 3, meaning: 'The approval was used already.' },
  APPROVAL_STALE: { exit: 3, meaning: 'The button stands under another plan than the one that waits for an approval.' },
  APPROVAL_OWN: { exit: 3, meaning: 'The requester may not approve the plan.' },
  APPROVAL_UNKNOWN: { exit: 3, meaning: 'There is no such approval request.' },
  DRIFT_STALE: { exit: 3, meaning: 'The button stands under other differences than those that are there now.' },
  NOT_ALLOWED: { exit: 3, meaning: 'This person may not do this on this cluster.' },

  USAGE: { exit: 64, meaning: 'The command was not understood.' },
  UNKNOWN_COMMAND: { exit: 64, meaning: 'There is no such command.' },
  UNKNOWN_NODE: { exit: 64, meaning: 'The inventory has no node of that name.' },
  UNKNOWN_CLUSTER: { exit: 64, meaning: 'The repository has no cluster of that name.' },
  NOT_AVAILABLE_YET: { exit: 64, meaning: 'The command is planned but not built.' },
  SETTINGS_INVALID: { exit: 64, meaning: 'The environment settings are wrong.' },

  CONFIG_INVALID: { exit: 1, meaning: 'The configuration repository has mistakes; all are listed.' },
  CONFIG_MISSING: { exit: 1, meaning: 'A file that the configuration needs is not there.' },

  SSH_UNREACHABLE: { exit: 1, meaning: 'No SSH connection to the node could be made.' },
  SSH_TIMEOUT: { exit: 1, meaning: 'The node did not answer over SSH in time.' },
  SSH_HOST_KEY: { exit: 1, meaning: 'The node’s host key is not the known one.' },
  SSH_AUTH: { exit: 1, meaning: 'The node refused the SSH key.' },
  SUDO_REFUSED: { exit: 1, meaning: 'The SSH user may not use sudo without a password.' },
  SSH_FORWARDING_REFUSED: { exit: 1, meaning: 'The node’s sshd does not let redisops forward a connection to Redis.' },
  COMMAND_FAILED: { exit: 1, meaning: 'A command on the node failed.' },
  COMMAND_TIMEOUT: { exit: 1, meaning: 'A command on the node did not end in time.' },
  REDIS_UNREACHABLE: { exit: 1, meaning: 'Redis on the node does not accept connections.' },
  REDIS_CONNECTION_LOST: { exit: 1, meaning: 'The connection to Redis on the node broke while it was in use.' },
  REDIS_TIMEOUT: { exit: 1, meaning: 'Redis on the node did not answer in time.' },
  REDIS_AUTH_FAILED: { exit: 1, meaning: 'Redis on the node refuses the password that Git has.' },
  REDIS_ERROR: { exit: 1, meaning: 'Redis answered a command with an error.' },

  NODE_UNREACHABLE: { exit: 3, meaning: 'A node that the plan depends on cannot be read.' },
  REDIS_UNREADABLE: { exit: 3, meaning: 'Redis runs on a node but cannot be read, so nothing is known of its data.' },
  MASTER_UNKNOWN: { exit: 3, meaning: 'Which node is the master cannot be told.' },
  MASTER_AMBIGUOUS: { exit: 3, meaning: 'More than one node with data says it is the master.' },
  MASTER_DOWN: {
    exit: 3,
    meaning: 'The master is down while its replicas hold data: started empty, it would empty them.',
  },
  MASTER_RESTART_HOLDS_DATA: { exit: 3, meaning: 'The change needs a restart of a master that holds data.' },
  REPLICA_HOLDS_DATA: { exit: 3, meaning: 'The node holds keys that its new master does not have.' },
  HANDOVER_REFUSED: {
    exit: 3,
    meaning: 'The master’s role cannot be handed to a replica right now; it stays where it is.',
  },
  DATA_NOT_LOADED: { exit: 3, meaning: 'The new settings would start Redis without the data that is on its disk.' },
  REPLICATION_OFF_WITH_REPLICAS: { exit: 3, meaning: 'Git turns replication off while replicas are attached.' },
  SENTINEL_WATCHES: { exit: 3, meaning: 'Sentinel watches the node: roles change through Sentinel only.' },
  STRAY_HOLDS_DATA: { exit: 3, meaning: 'A Redis that systemd does not own holds data, or cannot be read.' },
  PACKAGE_MISSING: { exit: 3, meaning: 'redis-server is not installed and cannot be installed.' },
  DIRECTIVE_NOT_LIVE: { exit: 3, meaning: 'A directive cannot be changed the way the plan would need.' },
  RESYNC_MASTER: { exit: 3, meaning: 'A master cannot be resynchronised.' },
  RESYNC_MASTER_UNREACHABLE: { exit: 3, meaning: 'The replica’s master cannot be read.' },
  RESYNC_MASTER_HAS_FEWER_KEYS: { exit: 3, meaning: 'The master holds fewer keys than the replica.' },
  RESYNC_NOT_A_REPLICA: { exit: 3, meaning: 'The node replicates from nobody.' },
  RESYNC_WOULD_FAIL: { exit: 3, meaning: 'The last sync failed for a reason on the node that still stands.' },
  SYNC_IN_PROGRESS: { exit: 3, meaning: 'A full synchronisation is already running.' },
  PURGE_LAST_COPY: {
    exit: 3,
    meaning:
      'A file that would be purged may be the only copy of data, or the only one on disk of data nobody else holds.',
  },
  PURGE_NOT_NOW: {
    exit: 3,
    meaning: 'The nodes are not all in sync, or one saves, loads or synchronises: nothing on disk is given up now.',
  },
  RESYNC_TOO_SOON: { exit: 3, meaning: 'The node had a forced full resynchronisation less than an hour ago.' },

  TEMPLATE_UNSAFE: {
    exit: 3,
    meaning: 'The repository’s redis.conf.j2 lacks, or says, something that replication would fail by.',
  },
  SIGNATURE_INVALID: { exit: 3, meaning: 'A request’s signature is missing, wrong or too old.' },
  BODY_TOO_LARGE: { exit: 3, meaning: 'A request’s body is larger than allowed.' },
  SLACK_FAILED: { exit: 1, meaning: 'Slack refused or did not answer.' },
  GITHUB_FAILED: { exit: 1, meaning: 'GitHub refused or did not answer.' },
  QUEUE_FAILED: { exit: 1, meaning: 'The queue’s Redis is not reachable.' },

  REPLICA_LINK_DOWN: { exit: 1, meaning: 'A replica has no link to its master.' },
  REPLICA_LAGS: { exit: 1, meaning: 'A replica is behind its master by more than allowed.' },
  REPLICA_NOT_SEEN: { exit: 1, meaning: 'The master does not list the replica as online.' },
  OFFSET_STANDS_STILL: { exit: 1, meaning: 'The master says online, but the replica’s offset does not move.' },
  REPLICATION_ID_DIFFERS: { exit: 1, meaning: 'A replica’s replication ID is not its master’s.' },
  PROBE_FAILED: { exit: 1, meaning: 'A write on the master did not arrive on a replica.' },
  REPLICA_ACCEPTS_WRITES: { exit: 1, meaning: 'A replica accepts writes.' },
  WRITES_REFUSED: { exit: 1, meaning: 'The master refuses writes.' },
  DATA_DIRECTORY_READ_ONLY: {
    exit: 1,
    meaning: 'Redis cannot write its data directory: the unit’s sandbox forbids it.',
  },
  SERVICE_NOT_ACTIVE: { exit: 1, meaning: 'The unit is not active.' },
  UNIT_CHANGED_ON_DISK: { exit: 1, meaning: 'systemd has not yet loaded the unit’s files as they are on disk.' },
} as const satisfies Record<string, { exit: 0 | 1 | 2 | 3 | 64; meaning: string }>;

export type Code = keyof typeof CODES;
