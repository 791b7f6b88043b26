/** `redis-01`, `redis-01 and redis-02`, `redis-01, redis-02 and redis-03`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return '';
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
