import type { Click } from '../domain/chat/click.ts';
import type { Report } from '../domain/report.ts';
import { decide } from './approve.ts';
import type { Clicked } from './clicked.ts';
import type { BotPorts } from './command.ts';
import { decideDrift } from './drift-click.ts';
import { errorAnswer } from './error-answer.ts';
import { stopRun } from './stop-run.ts';
import { decideWatch } from './watch-click.ts';

/** Handles a click. Never throws. Returns the answer; null if the message itself shows the result. */
export async function answerClick(clicked: Clicked, ports: BotPorts): Promise<Report | null> {
  try {
    return await dispatch(clicked, clicked.click, ports);
  } catch (thrown) {
    return errorAnswer(thrown, clicked, ports.log);
  }
}

function dispatch(clicked: Clicked, click: Click, ports: BotPorts): Promise<Report | null> {
  switch (click.kind) {
    case 'approval':
      return decide({ ...clicked, click }, ports);
    case 'drift':
      return decideDrift({ ...clicked, click }, ports);
    case 'stop':
      return stopRun(click.run, clicked, ports);
    case 'watch':
      return decideWatch({ ...clicked, click }, ports);
  }
}
