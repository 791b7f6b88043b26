import { renderFile } from '../desired/render-file.ts';
import { printedOf } from '../operation/look.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';
import type { Options } from './arguments/invocation.ts';

export async function render(context: Context, { node, file, reveal }: Options['render']): Promise<Answer> {
  const content = renderFile(await printedOf(context.source, context.cluster, context), node, file);
  return { kind: 'bytes', exit: 0, text: reveal ? content.reveal() : content.masked() };
}
