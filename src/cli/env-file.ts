import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { RedisopsError } from '../domain/error.ts';

/** Where `.env.example` is copied to, in the folder that `serve` is started in. */
const FILE = '.env';

/**
 * The environment with the variables of `.env` below it, as Node’s `--env-file` has them. For `serve` alone: the other
 * verbs are run in checkouts, whose files set nothing.
 * @throws SETTINGS_INVALID where the file is there and cannot be read.
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
