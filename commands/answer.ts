import type { Report } from '../src/domain/report.ts';
import type { CommandPorts } from './command.ts';
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
    return await command.run({ id, user, channel, operands, cluster, breakGlass }, ports);
  } catch (thrown) {
    return errorAnswer(thrown, typed, ports.log);
  }
}

function changesNothing(name: string): RedisopsError {
  return new RedisopsError('USAGE', `A freeze does not keep \`${name}\` from anything.`, {
    hint: 'Leave `--break-glass` out.',
  });
}
