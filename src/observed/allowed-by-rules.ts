import type { StepCommand } from '../domain/redis/step-commands.ts';

const ADMIN = ['admin', 'slow', 'dangerous'];
const OF_CLIENTS = [...ADMIN, 'connection'];

/** The ACL categories of each step’s command, as `COMMAND INFO` of Redis 7.0 lists them. */
const CATEGORIES: Readonly<Record<StepCommand, readonly string[]>> = {
  REPLICAOF: ADMIN,
  'CONFIG SET': ADMIN,
  'CLIENT PAUSE': OF_CLIENTS,
  'CLIENT UNPAUSE': OF_CLIENTS,
  'CLIENT LIST': OF_CLIENTS,
  'CLIENT KILL': OF_CLIENTS,
  FAILOVER: ADMIN,
  WATCH: ['fast', 'transaction'],
  MULTI: ['fast', 'transaction'],
  EXEC: ['slow', 'transaction'],
  BGSAVE: ADMIN,
  BGREWRITEAOF: ADMIN,
  PSYNC: ADMIN,
  REPLCONF: ADMIN,
  SET: ['write', 'string', 'slow'],
  GET: ['read', 'string', 'fast'],
  EXISTS: ['keyspace', 'read', 'fast'],
  UNLINK: ['keyspace', 'write', 'fast'],
};

/**
 * Whether a user’s rules allow a command, as ACL LIST prints them: a later rule overrides an earlier one (acl.c). A
 * selector may allow what the rules forbid; it is not followed.
 */
export function allowedByRules(rules: string, command: StepCommand): boolean {
  if (rules.includes('(')) return true;
  let allowed = false;
  for (const rule of rules.toLowerCase().split(' ')) {
    if (rule === 'allcommands') allowed = true;
    else if (rule === 'nocommands') allowed = false;
    else if (/^[+-]/.test(rule) && names(rule.slice(1), command)) allowed = rule.startsWith('+');
  }
  return allowed;
}

/** A category, a command, or one of its subcommands. */
function names(rule: string, command: StepCommand): boolean {
  if (rule === '@all') return true;
  if (rule.startsWith('@')) return CATEGORIES[command].includes(rule.slice(1));
  const whole = command.toLowerCase().replace(' ', '|');
  return rule === whole || whole.startsWith(`${rule}|`);
}
