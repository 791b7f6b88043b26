import { asRedisopsError } from '../domain/error.ts';
import type { AclUser } from '../domain/redis/acl.ts';
import { STEP_COMMANDS, type RefusedCommand, type StepCommand } from '../domain/redis/step-commands.ts';
import { allowedByRules } from './allowed-by-rules.ts';
import type { RedisLink, RedisReply } from '../ports/nodes.ts';

/** The user after AUTH with only a password. */
const USER = 'default';

const COMMANDS = Object.entries(STEP_COMMANDS).map(([name, words]) => ({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the list.
  command: name as StepCommand,
  words,
}));

/** Replies to the questions, or errors in their place. */
export interface CommandReplies {
  /** COMMAND INFO of each command. */
  known: RedisReply | Error;
  /** ACL DRYRUN of each command. */
  allowed: readonly (RedisReply | Error)[];
}

/** Asks for everything at once. `ACL DRYRUN` executes nothing, and writes nothing to the ACL log (acl.c). */
export async function askForCommands(link: RedisLink): Promise<CommandReplies> {
  const ask = (...words: readonly [string, ...string[]]): Promise<RedisReply | Error> =>
    link.command(...words).catch(asRedisopsError);
  const [known, ...allowed] = await Promise.all([
    ask('COMMAND', 'INFO', ...COMMANDS.map(({ words: [name] }) => name)),
    ...COMMANDS.map(({ words }) => ask('ACL', 'DRYRUN', USER, ...words)),
  ]);
  return { known, allowed };
}

/**
 * Commands needed by steps that Redis would refuse. `COMMAND INFO` returns null for a renamed one, and `ACL DRYRUN` says
 * what the user may not do. If an ACL forbids that question, the user’s rules answer it; without them it stays open.
 * @param users ACL LIST; absent if Redis refuses it.
 */
export function refusedCommands(
  { known, allowed }: CommandReplies,
  users: readonly AclUser[] | undefined,
): readonly RefusedCommand[] {
  const rules = users?.find(({ name }) => name === USER)?.rules;
  return COMMANDS.flatMap(({ command }, at): readonly RefusedCommand[] => {
    const said = allowed[at];
    if ((Array.isArray(known) && known[at] === null) || isUnknown(said)) return [{ command, by: 'rename-command' }];
    if (isForbidden(said)) return [{ command, by: 'acl' }];
    if (!isNotAnswered(said)) return [];
    if (rules === undefined) return [{ command, by: 'unknown' }];
    return allowedByRules(rules, command) ? [] : [{ command, by: 'acl' }];
  });
}

/** `OK`, or a sentence that is not an error: `This user has no permissions to run the 'replicaof' command`. */
function isForbidden(said: RedisReply | Error | undefined): boolean {
  return typeof said === 'string' && /no permissions/.test(said);
}

/** `ERR Command 'replicaof' not found`. */
function isUnknown(said: RedisReply | Error | undefined): boolean {
  return said instanceof Error && /command '[^']*' not found/i.test(said.message);
}

/** An ACL forbids the question itself: `NOPERM … 'acl|dryrun' command`. */
function isNotAnswered(said: RedisReply | Error | undefined): boolean {
  return said instanceof Error && said.message.includes('NOPERM');
}
