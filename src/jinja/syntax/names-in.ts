/** Names mentioned in a part of a template. */
export function namesIn(part: unknown): readonly string[] {
  const names: string[] = [];
  const waiting: unknown[] = [part];
  while (waiting.length > 0) {
    const each = waiting.pop();
    if (typeof each !== 'object' || each === null) continue;
    if ('kind' in each && each.kind === 'name' && 'name' in each && typeof each.name === 'string')
      names.push(each.name);
    waiting.push(...Object.values(each));
  }
  return names;
}
