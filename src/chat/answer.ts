import { RedisopsError } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import { audited } from '../run/audited.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import type { BotPorts, Command, CommandPorts, CommandRequest } from './command.ts';
import { errorAnswer } from './error-answer.ts';
import { attemptOf } from './gate.ts';
import type { Person } from './person.ts';
import { clusterName, readText } from './read-text.ts';

/** A command as typed, by whom and where. */
export interface TypedCommand extends Person {
  id: string;
  text: string;
  /** The person’s name in Slack, for records. */
  handle?: string;
}

/**
 * Runs one `/redis` command. Never throws: refusals and failures are answers too.
 * @param commandNamed Looks up a command; throws UNKNOWN_COMMAND, NOT_AVAILABLE_YET.
 */
export async function answerCommand(
  { id, text, user, channel, handle }: TypedCommand,
  commandNamed: (verb: string) => Command,
  ports: BotPorts,
): Promise<Report> {
  try {
    const { verb, operands, cluster, breakGlass } = readText(text);
    const command = commandNamed(verb ?? 'help');
    if (breakGlass !== undefined && !command.changes) throw changesNothing(command.name);
    const asked = { id, user, channel, handle, operands, cluster, breakGlass };
    const request = command.ofCluster ? withCluster(asked) : asked;
    return await command.run(request, await portsFor(command, request, ports));
  } catch (thrown) {
    return errorAnswer(thrown, { user, channel }, ports.log);
  }
}

/** `status shop` is `status --cluster shop`. @throws USAGE */
function withCluster(request: CommandRequest): CommandRequest {
  const [name, ...more] = request.operands;
  if (name === undefined || more.length > 0 || request.cluster !== undefined) return request;
  return { ...request, operands: [], cluster: clusterName(name) };
}

/** The cluster’s repository. @throws UNKNOWN_CLUSTER; USAGE if there are several and none was named */
async function portsFor(command: Command, request: CommandRequest, ports: BotPorts): Promise<CommandPorts> {
  const [first] = ports.repositories.all;
  if (command.everywhere && request.cluster === undefined && first) return { ...ports, ...first };
  const find = () => portsAt(request.cluster, ports);
  // A read is audited only if it is refused.
  return command.ofCluster ? find() : audited(attemptOf(command.name, request), ports, find);
}

function changesNothing(name: string): RedisopsError {
  return new RedisopsError('USAGE', `A freeze does not keep \`${name}\` from anything.`, {
    hint: 'Leave `--break-glass` out.',
  });
}
