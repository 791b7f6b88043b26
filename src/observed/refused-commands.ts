import { asRedisopsError } from '../domain/error.ts';
import { STEP_COMMANDS, type RefusedCommand, type StepCommand } from '../domain/redis/step-commands.ts';
import type { RedisLink, RedisReply } from '../ports/nodes.ts';

/** AUTH with a password alone makes one this user. */
const USER = 'default';

const COMMANDS = Object.entries(STEP_COMMANDS).map(([name, words]) => ({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the list.
  command: name as StepCommand,
  words,
}));

/**
 * Which of the commands that steps need Redis would refuse. `COMMAND INFO` answers null for one that is renamed, `ACL
 * DRYRUN` says what the user may not do; it carries nothing out and leaves no line in the ACL log (acl.c). Where neither
 * may be asked, nothing is known, and the step fails with Redis’s own words.
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

/** `OK`, or a sentence that is no error: `This user has no permissions to run the 'replicaof' command`. */
function isForbidden(said: RedisReply | Error | undefined): boolean {
  return typeof said === 'string' && /no permissions/.test(said);
}
