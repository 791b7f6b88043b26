import type { Report, Section } from '../domain/report.ts';

export interface CommandHelp {
  name: string;
  /** `/redis resync NODE`. */
  usage: string;
  summary: string;
}

/** Wider tables wrap in Slack and on small terminals. */
const TABLE_WIDTH = 76;

/** The commands, one line each if they fit. */
export function helpReport(commands: readonly CommandHelp[]): Report {
  return {
    title: 'redisops',
    tone: 'neutral',
    summary: 'Redis replication from Git, safely. Changes that disturb service wait for an approval.',
    sections: [commandSection(commands)],
  };
}

function commandSection(commands: readonly CommandHelp[]): Section {
  const usage = Math.max(0, ...commands.map((command) => command.usage.length));
  const summary = Math.max(0, ...commands.map((command) => command.summary.length));
  if (usage + summary + 2 <= TABLE_WIDTH)
    return {
      kind: 'table',
      columns: ['command', 'does'],
      rows: commands.map((command) => [command.usage, command.summary]),
    };
  return {
    kind: 'list',
    items: commands.map((command) => ({ tone: 'neutral', text: `\`${command.usage}\`\n${command.summary}` })),
  };
}
