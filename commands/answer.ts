import type { Report } from '../src/domain/report.ts';
import { clustersOf } from '../src/desired/read-rules.ts';
import type { CommandPorts, CommandRequest } from './command.ts';
import { RedisopsError } from '../src/domain/error.ts';
import { errorAnswer } from './error-answer.ts';
import { readText } from './read-text.ts';
import { commandNamed } from './table.ts';

/** A command as it was typed, and who typed it where. */
export interface TypedCommand {
  id: string;
  text: string;
  user: string;
  channel: string;
}

/** Carries out one `/redis` command. Never fails: a refusal and a failure are answers, too. */
export async function answerCommand(typed: TypedCommand, ports: CommandPorts): Promise<Report> {
  const { id, text, user, channel } = typed;
  try {
    const { verb, operands, cluster, breakGlass } = readText(text);
    const command = commandNamed(verb ?? 'help');
    if (breakGlass !== undefined && !command.changes) throw changesNothing(command.name);
    const asked = { id, user, channel, operands, cluster, breakGlass };
    return await command.run(command.ofCluster ? await withCluster(asked, ports) : asked, ports);
  } catch (thrown) {
    return errorAnswer(thrown, typed, ports.log);
  }
}

/** `status shop` is `status --cluster shop`, where there is such a cluster, or there are several to choose from. */
async function withCluster(request: CommandRequest, ports: CommandPorts): Promise<CommandRequest> {
  const [name, ...more] = request.operands;
  if (name === undefined || more.length > 0 || request.cluster !== undefined) return request;
  const clusters = await clustersOf(await ports.source(null));
  const isMeant = clusters.includes(name) || clusters.length > 1;
  return isMeant ? { ...request, operands: [], cluster: name } : request;
}

function changesNothing(name: string): RedisopsError {
  return new RedisopsError('USAGE', `A freeze does not keep \`${name}\` from anything.`, {
    hint: 'Leave `--break-glass` out.',
  });
}
