import type { ConfPart, HostFacts } from '../../domain/facts.ts';

/** Redis merges it class by class: a later line leaves other classes alone. */
export const MERGED = 'client-output-buffer-limit';

/**
 * The files that `include` lines name, as read on the node.
 * @param patterns The directive’s arguments, with Redis’s wildcards.
 */
export function includedParts(
  patterns: readonly string[],
  { confParts }: Pick<HostFacts, 'confParts'>,
): readonly ConfPart[] {
  return confParts.filter(
    ({ kind, path }) => kind === 'include' && patterns.some((pattern) => isNamedBy(path, pattern)),
  );
}

/** What included files say, by directive; the last one wins. They stand first, so redis.conf’s own lines override them. */
export function includedValues(
  patterns: readonly string[],
  host: Pick<HostFacts, 'confParts'>,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { content } of includedParts(patterns, host))
    for (const [name, value] of content.values) values.set(name, mergedValue(name, values.get(name), value));
  return values;
}

/** A directive’s value after an earlier line of it. */
export function mergedValue(name: string, earlier: string | undefined, value: string): string {
  return name === MERGED && earlier !== undefined ? `${earlier} ${value}` : value;
}

export function includePatterns(conf: { get(name: string): string | undefined }): readonly string[] {
  return (conf.get('include') ?? '').split(' ').filter((pattern) => pattern !== '');
}

/** By the wildcard that Redis and its users use. */
function isNamedBy(path: string, pattern: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.at(-1) ?? '';
  return rest.length === 0 ? path === pattern : path.startsWith(head) && path.endsWith(tail);
}
