/** The command that starts a unit. */
export interface StartCommand {
  program: string;
  /** Null if no Redis is named in it, as in a wrapper script: its file is unknown. */
  redis: RedisCommand | null;
}

/** Redis’s own command line. */
export interface RedisCommand {
  /** Null if none is named: Redis then runs with its defaults. */
  configFile: string | null;
  /** Directives after the file, which override it; by name, with values as in `redis.conf`. */
  directives: ReadonlyMap<string, string>;
}

const ARGUMENTS = /\bpath=(\S+) ; argv\[\]=(.*?) ; ignore_errors=/;
const REDIS = /^(?:.*\/)?(?:redis|valkey)-server$/;

/**
 * Parses `systemctl show --property=ExecStart`: `{ path=/usr/bin/redis-server ; argv[]=… ; ignore_errors=no ; … }`.
 * systemd prints arguments unquoted.
 */
export function startCommand(shown: string): StartCommand | null {
  const [, program, command] = ARGUMENTS.exec(shown) ?? [];
  if (program === undefined || command === undefined) return null;
  const words = command.split(' ').filter((word) => word !== '');
  const at = words.findIndex((word) => REDIS.test(word));
  return { program, redis: at === -1 ? null : redisCommand(words.slice(at + 1)) };
}

/** The first word is the file unless it is an option (server.c, `main`). */
function redisCommand(words: readonly string[]): RedisCommand {
  const [first] = words;
  const configFile = first === undefined || first.startsWith('-') ? null : first;
  const directives = new Map<string, string>();
  let name: string | null = null;
  for (const word of configFile === null ? words : words.slice(1)) {
    if (word.startsWith('--')) {
      name = word.slice(2).toLowerCase();
      directives.set(name, '');
    } else if (name !== null) directives.set(name, `${directives.get(name) ?? ''} ${word}`.trim());
  }
  return { configFile, directives };
}
