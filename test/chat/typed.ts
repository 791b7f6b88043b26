import { commandNamed } from '../../commands/table.ts';
import { answerCommand, type TypedCommand } from '../../src/chat/answer.ts';
import type { BotPorts } from '../../src/chat/command.ts';
import type { Report } from '../../src/domain/report.ts';

/** Answers a command of the bot’s own table. */
export function answerTyped(typed: TypedCommand, ports: BotPorts): Promise<Report> {
  return answerCommand(typed, commandNamed, ports);
}
