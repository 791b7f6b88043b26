import { CODES } from '../src/domain/code.ts';
import { asRedisopsError } from '../src/domain/error.ts';
import type { Report } from '../src/domain/report.ts';
import { errorReport } from '../src/report/error-report.ts';
import type { CommandPorts } from './command.ts';
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
    const { verb, operands, cluster } = readText(text);
    const command = commandNamed(verb ?? 'help');
    return await command.run({ id, user, channel, operands, cluster }, ports);
  } catch (thrown) {
    const error = asRedisopsError(thrown);
    if (CODES[error.code].exit === 1) ports.log.warn({ user, channel, error }, 'a command failed');
    return errorReport(error);
  }
}
