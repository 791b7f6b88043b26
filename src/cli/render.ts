import { renderFile } from '../desired/render-file.ts';
import { desiredOf } from '../operation/look.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';

export async function render(context: Context): Promise<Answer> {
  const { node, file, reveal, cluster } = context.invocation;
  const content = renderFile(await desiredOf(context.source, cluster, context), node ?? '', file);
  return { kind: 'bytes', exit: 0, text: reveal ? content.reveal() : content.masked() };
}
