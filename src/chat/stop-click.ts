import type { Report } from '../domain/report.ts';
import type { BotPorts } from './command.ts';
import { errorAnswer } from './error-answer.ts';
import type { Person } from './person.ts';
import { stopRun } from './stop-run.ts';

/** A click on a run’s Stop button. */
export interface StopClick extends Person {
  run: string;
}

/** Stops for the one who clicked. Never fails. */
export async function clickStop(click: StopClick, ports: BotPorts): Promise<Report> {
  try {
    return await stopRun(click.run, click, ports);
  } catch (thrown) {
    return errorAnswer(thrown, click, ports.log);
  }
}
