import { asRedisopsError } from '../domain/error.ts';
import { STEP_COMMANDS, type RefusedCommand, type StepCommand } from '../domain/redis/step-commands.ts';
import type { RedisLink, RedisReply } from '../ports/nodes.ts';

/** The user after AUTH with only a password. */
const USER = 'default';

const COMMANDS = Object.entries(STEP_COMMANDS).map(([name, words]) => ({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the list.
  command: name as StepCommand,
  words,
}));

/**
 * Commands needed by steps that Redis would refuse. `COMMAND INFO` returns null for a renamed one, and `ACL DRYRUN`
 * says what the user may not do, without executing anything or writing to the ACL log (acl.c). If neither is allowed,
 * nothing is known, and the step fails with Redis’s own error.
 */
export async function refusedCommands(link: RedisLink): Promise<readonly RefusedCommand[]> {
  const ask = (...words: readonly [string, ...string[]]): Promise<RedisReply | Error> =>
    link.command(...words).catch(asRedisopsError);
  const [known, ...allowed] = await Promise.all([
    ask('COMMAND', 'INFO', ...COMMANDS.map(({ words: [name] }) => name)),
    ...COMMANDS.map(({ words }) => ask('ACL', 'DRYRUN', USER, ...words)),
  ]);
  return COMMANDS.flatMap(({ command }, at): readonly RefusedCommand[] => {
    if (Array.isArray(known) && known[at] === null) return [{ command, by: 'rename-command' }];
    return isForbidden(allowed[at]) ? [{ command, by: 'acl' }] : [];
  });
}

/** `OK`, or a sentence that is not an error: `This user has no permissions to run the 'replicaof' command`. */
function isForbidden(said: RedisReply | Error | undefined): boolean {
  return typeof said === 'string' && /no permissions/.test(said);
}
