import type { Fact } from './fact.ts';

export interface Contents {
  /** Null where there is no such file. */
  redisConf: Buffer | null;
  dropIn: Buffer | null;
}

/** The bytes of the two managed files. */
export const contentsFact: Fact<Contents> = {
  name: 'contents',
  script: [
    'for path in "$conf" "$dropin"; do',
    // A link could name any file of root’s.
    String.raw`[ -f "$path" ] && [ ! -L "$path" ] && { printf 'file '; base64 --wrap=0 -- "$path"; }`,
    String.raw`printf '\n'`,
    'done',
  ].join('\n'),
  parse(stdout) {
    const [redisConf, dropIn] = stdout.split('\n');
    return { redisConf: bytesOf(redisConf), dropIn: bytesOf(dropIn) };
  },
};

function bytesOf(line: string | undefined): Buffer | null {
  return line?.startsWith('file ') ? Buffer.from(line.slice('file '.length), 'base64') : null;
}
