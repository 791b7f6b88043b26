import { helpReport } from '../src/report/help-report.ts';
import type { Command } from '../src/chat/command.ts';

/** `/redis help`. Further words are ignored. */
export function help(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    usage: '/redis help',
    summary: 'List the commands',
    everywhere: true,
    run: () => Promise.resolve(helpReport(commands())),
  };
}
