import type { Code } from '../code.ts';

/** What an error reply means, and what the person can do about it. */
interface Meaning {
  code: Code;
  hint: string;
}

const PASSWORD: Meaning = {
  code: 'REDIS_AUTH_FAILED',
  hint: 'Check redis_password, and that the default user is on (`ACL LIST`). Changing a password in use is not available yet.',
};
const UNAVAILABLE: Meaning = {
  code: 'COMMAND_UNAVAILABLE',
  hint: 'Allow it to the default user on that node (`ACL SETUSER`), or take its `rename-command` out of redis.conf.',
};

/** By the reply’s first word (Redis 7, server.c: createSharedObjects; acl.c: rejectCommand). */
const BY_WORD: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['NOPERM', UNAVAILABLE],
  [
    'DENIED',
    {
      code: 'REDIS_PROTECTED',
      hint: 'Protected mode is on, and Redis has no password: it answers loopback alone. Set redis_password, or let `bind` include 127.0.0.1.',
    },
  ],
  ['NOAUTH', PASSWORD],
  ['WRONGPASS', PASSWORD],
  [
    'MISCONF',
    {
      code: 'REDIS_MISCONF',
      hint: 'Redis cannot write its disk, so it refuses writes. Check the data directory’s free space, owner and mount.',
    },
  ],
  ['OOM', { code: 'REDIS_OOM', hint: 'Its maxmemory is reached. Raise redis_maxmemory, or delete keys.' }],
  ['LOADING', { code: 'REDIS_LOADING', hint: 'Wait until Redis has loaded its data, then run again.' }],
  [
    'BUSY',
    { code: 'REDIS_BUSY', hint: 'A script blocks Redis. Wait for its end: `SCRIPT KILL` ends one that wrote nothing.' },
  ],
  ['MASTERDOWN', { code: 'REDIS_MASTERDOWN', hint: 'The replica has no link to its master. Run `redisops doctor`.' }],
  ['READONLY', { code: 'REDIS_READONLY', hint: 'The node is a replica. Run `redisops status` for the present roles.' }],
  [
    'NOREPLICAS',
    {
      code: 'REDIS_NOREPLICAS',
      hint: 'Too few replicas are in sync for min-replicas-to-write. Run `redisops doctor`.',
    },
  ],
]);

/** By its text, if the first word is `ERR` (server.c: commandCheckExistence; networking.c: acceptCommonHandler). */
const BY_TEXT: readonly (readonly [RegExp, Meaning])[] = [
  [/^ERR unknown (?:sub)?command\b/i, UNAVAILABLE],
  [/^ERR invalid password/, PASSWORD],
  [
    /^ERR max number of clients reached/,
    { code: 'REDIS_MAXCLIENTS', hint: 'Close idle clients, or raise maxclients, then run again.' },
  ],
];

const OTHER: Meaning = { code: 'REDIS_ERROR', hint: 'This is Redis’s own error. Its log may say more.' };

const KNOWN: readonly Meaning[] = [...BY_WORD.values(), ...BY_TEXT.map(([, meaning]) => meaning)];
const CODES: ReadonlySet<Code> = new Set([...KNOWN, OTHER].map(({ code }) => code));

/** @param reply As Redis sent it, without the leading `-`: `NOPERM this user has no permissions …`. */
export function meaningOf(reply: string): Meaning {
  const [, word = ''] = /^-?([A-Z]+) /.exec(reply) ?? [];
  return BY_WORD.get(word) ?? BY_TEXT.find(([pattern]) => pattern.test(reply))?.[1] ?? OTHER;
}

/** Whether Redis answered, and with an error. */
export function isErrorReply(code: Code): boolean {
  return CODES.has(code);
}

/** The meaning of the first error reply in redis-cli’s output; null if none is known. */
export function meaningIn(printed: string): Meaning | null {
  const meanings = printed.split('\n').map((line) => meaningOf(line.replace(/^\(error\) /, '').trim()));
  return meanings.find((meaning) => meaning !== OTHER) ?? null;
}

/** What to do about the code of an error reply; null for other codes, and where Redis’s words say more. */
export function hintFor(code: Code): string | null {
  return KNOWN.find((meaning) => meaning.code === code)?.hint ?? null;
}
