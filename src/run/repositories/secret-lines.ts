import { canonicalName, SECRET_DIRECTIVES } from '../../domain/redis/directives.ts';
import { RedisConf } from '../../domain/redis/redis-conf.ts';
import { SensitiveText } from '../../domain/secret.ts';
import { splitArguments } from '../../domain/text/arguments.ts';

/**
 * A redis.conf with another one’s lines of passwords and users, each in place of its own. Null if the two do not have
 * the same such directives in the same order.
 */
export function withSecretLinesOf(secrets: RedisConf, conf: RedisConf): RedisConf | null {
  const lines = conf.reveal().split('\n');
  const places = lines.flatMap((line, at) => (secretNameOf(line) === null ? [] : [at]));
  const others = secrets
    .reveal()
    .split('\n')
    .filter((line) => secretNameOf(line) !== null);
  const isAlike =
    places.length === others.length &&
    places.every((at, index) => secretNameOf(lines[at] ?? '') === secretNameOf(others[index] ?? ''));
  if (!isAlike) return null;
  for (const [index, at] of places.entries()) lines[at] = others[index] ?? '';
  const known = [...SensitiveText.secretsOf(secrets), ...SensitiveText.secretsOf(conf)];
  return RedisConf.parse(new SensitiveText(lines.join('\n'), known));
}

/** The directive of a line that holds a secret; null for any other line. */
function secretNameOf(line: string): string | null {
  const [word] = splitArguments(line) ?? [];
  const name = word === undefined ? null : canonicalName(word);
  return name !== null && SECRET_DIRECTIVES.has(name) ? name : null;
}
