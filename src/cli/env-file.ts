import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { RedisopsError } from '../domain/error.ts';

/** The copy of `.env.example`, in the folder where `serve` is started. */
const FILE = '.env';

/**
 * The environment, with `.env` as a fallback, like Node’s `--env-file`. For `serve` only: other verbs run in checkouts,
 * whose files must set nothing.
 * @throws SETTINGS_INVALID if the file exists and cannot be read.
 */
export function withEnvFile(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  try {
    return { ...parseEnv(readFileSync(FILE, 'utf8')), ...environment };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return environment;
    throw new RedisopsError('SETTINGS_INVALID', `${FILE} cannot be read: ${String(cause)}`, {
      cause,
      hint: `Run \`chown\` or \`chmod 600\` on ${FILE} so that the user who runs redisops can read it.`,
    });
  }
}
