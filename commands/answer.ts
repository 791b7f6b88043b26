import type { Report } from '../src/domain/report.ts';
import { portsAt } from '../src/run/repositories/cluster-directory.ts';
import type { BotPorts, Command, CommandPorts, CommandRequest } from '../src/chat/command.ts';
import { asRedisopsError, RedisopsError } from '../src/domain/error.ts';
import { errorAnswer } from '../src/chat/error-answer.ts';
import { readText } from '../src/chat/read-text.ts';
import { commandNamed } from './table.ts';

/** A command as it was typed, and who typed it where. */
export interface TypedCommand {
  id: string;
  text: string;
  user: string;
  channel: string;
}

/** Carries out one `/redis` command. Never fails: a refusal and a failure are answers, too. */
export async function answerCommand(typed: TypedCommand, ports: BotPorts): Promise<Report> {
  const { id, text, user, channel } = typed;
  try {
    const { verb, operands, cluster, breakGlass } = readText(text);
    const command = commandNamed(verb ?? 'help');
    if (breakGlass !== undefined && !command.changes) throw changesNothing(command.name);
    const asked = { id, user, channel, operands, cluster, breakGlass };
    const request = command.ofCluster ? await withCluster(asked, ports) : asked;
    return await command.run(request, await placeOf(command, request, ports));
  } catch (thrown) {
    return errorAnswer(thrown, typed, ports.log);
  }
}

/** `status shop` is `status --cluster shop`, where there is such a cluster, or there are several to choose from. */
async function withCluster(request: CommandRequest, ports: BotPorts): Promise<CommandRequest> {
  const [name, ...more] = request.operands;
  if (name === undefined || more.length > 0 || request.cluster !== undefined) return request;
  const clusters = await ports.repositories.clusters();
  const isMeant = clusters.includes(name) || clusters.length > 1;
  return isMeant ? { ...request, operands: [], cluster: name } : request;
}

/** The cluster’s repository. @throws UNKNOWN_CLUSTER; USAGE where there are several and none was named */
async function placeOf(command: Command, request: CommandRequest, ports: BotPorts): Promise<CommandPorts> {
  const { cluster, user } = request;
  const [first] = ports.repositories.all;
  if (command.everywhere && cluster === undefined && first) return { ...ports, ...first };
  try {
    return await portsAt(cluster, ports);
  } catch (thrown) {
    const { code } = asRedisopsError(thrown);
    const at = ports.clock.now().toISOString();
    const origin = { from: 'slack', actor: user } as const;
    const entry = { at, origin, cluster: cluster ?? '-', what: command.name, outcome: code, run: null };
    // Who only looks is not audited.
    if (!command.ofCluster)
      await ports.store
        .audit(entry)
        .catch((error: unknown) => ports.log.error({ error, user }, 'a refused attempt could not be audited'));
    throw thrown;
  }
}

function changesNothing(name: string): RedisopsError {
  return new RedisopsError('USAGE', `A freeze does not keep \`${name}\` from anything.`, {
    hint: 'Leave `--break-glass` out.',
  });
}
