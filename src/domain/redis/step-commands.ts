/** A key of redisops’ own: an ACL may allow other keys alone. */
const KEY = 'redisops:probe';

/**
 * The commands sent by steps and the verification, as `ACL DRYRUN` expects them. Commands of a look (INFO, ROLE, CONFIG
 * GET) are not listed: without them the node is unreadable.
 */
export const STEP_COMMANDS = {
  REPLICAOF: ['REPLICAOF', 'NO', 'ONE'],
  'CONFIG SET': ['CONFIG', 'SET', 'masterauth', ''],
  'CLIENT PAUSE': ['CLIENT', 'PAUSE', '1', 'WRITE'],
  'CLIENT UNPAUSE': ['CLIENT', 'UNPAUSE'],
  'CLIENT LIST': ['CLIENT', 'LIST', 'TYPE', 'replica'],
  'CLIENT KILL': ['CLIENT', 'KILL', 'TYPE', 'master'],
  FAILOVER: ['FAILOVER', 'ABORT'],
  WATCH: ['WATCH', KEY],
  MULTI: ['MULTI'],
  EXEC: ['EXEC'],
  BGSAVE: ['BGSAVE'],
  BGREWRITEAOF: ['BGREWRITEAOF'],
  PSYNC: ['PSYNC', '?', '-1'],
  REPLCONF: ['REPLCONF', 'capa', 'eof'],
  SET: ['SET', KEY, '1'],
  GET: ['GET', KEY],
  EXISTS: ['EXISTS', KEY],
  UNLINK: ['UNLINK', KEY],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type StepCommand = keyof typeof STEP_COMMANDS;

/** What makes a node follow another one. */
export const TO_FOLLOW: readonly StepCommand[] = ['REPLICAOF', 'CONFIG SET'];

/** What both sides of a hand-over are sent. */
export const TO_HAND_OVER: readonly StepCommand[] = [
  ...TO_FOLLOW,
  'CLIENT PAUSE',
  'CLIENT UNPAUSE',
  'CLIENT LIST',
  'FAILOVER',
  'WATCH',
  'MULTI',
  'EXEC',
  'SET',
];

/** What a master’s replicas send to it. */
export const TO_SERVE: readonly StepCommand[] = ['PSYNC', 'REPLCONF'];

/** Commands that a node refuses, and needs to take the master’s role. */
export function refusedForRole(refused: readonly RefusedCommand[] = []): readonly RefusedCommand[] {
  return refused.filter(({ command }) => TO_HAND_OVER.includes(command) || TO_SERVE.includes(command));
}

/** A command that Redis does not take from redisops, or may not take. */
export interface RefusedCommand {
  command: StepCommand;
  /** `rename-command` took it away, the default user’s ACL forbids it, or the ACL forbids the question. */
  by: 'rename-command' | 'acl' | 'unknown';
}
