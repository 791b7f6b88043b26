import { ConfigInvalid } from '../domain/error.ts';
import { renderFile } from '../desired/render-file.ts';
import { printedOf } from '../operation/look.ts';
import { errorReport } from '../report/error-report.ts';
import { terminal } from '../report/terminal.ts';
import type { Report } from '../domain/report.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';
import type { Options } from './arguments/invocation.ts';

export async function render(context: Context, { node, file, reveal }: Options['render']): Promise<Answer> {
  const desired = await printedOf(context.source, context.cluster, context);
  const content = renderFile(desired, node, file);
  const { mistakes = [] } = desired;
  if (mistakes.length > 0)
    context.tell(terminal(refusedElsewhere(new ConfigInvalid(mistakes)), { colour: false }).trimEnd());
  return { kind: 'bytes', exit: 0, text: reveal ? content.reveal() : content.masked() };
}

/** The file is printed all the same: the person must not take it for one that a node would get. */
function refusedElsewhere(error: ConfigInvalid): Report {
  return {
    ...errorReport(error),
    title: 'Printed, but refused by check and plan',
    next: 'Fix these lines. Until then, no node gets these files.',
  };
}
