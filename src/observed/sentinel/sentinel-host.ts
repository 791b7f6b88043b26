import { z } from 'zod';
import { nodeWords } from '../../domain/node-words.ts';
import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import { propertiesIn } from '../../domain/unit/resolved-unit.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { Secret } from '../../domain/secret.ts';
import { PAUSE_FOLDER } from '../../domain/sentinel/pause.ts';
import { pingAnswer, type Ping, type SentinelFacts } from '../../domain/sentinel/facts.ts';
import { SentinelFile } from '../../domain/sentinel/sentinel-file.ts';
import { bash, sh } from '../../domain/shell.ts';
import type { NodeSession } from '../../ports/nodes.ts';
import { pauseIn } from './pause-note.ts';

const LIMIT_MS = 4000;
/** Most Sentinels that a host is asked to try. */
const MOST_PINGS = 16;

const PING = bash`
exec 3<>"/dev/tcp/$1/$2" || exit 1
printf 'PING\r\n' >&3
IFS= read -r line <&3
line=\${line//$'\r'/}
printf '%s\n' "\${line:0:200}"`;

/**
 * $1 unit, $2 sentinel.conf, then HOST PORT of each Sentinel to try. All hosts are tried at once, for a second: a
 * firewall that drops packets must not delay a look.
 */
const SCRIPT = sh`
export LC_ALL=C
unit=$1 file=$2
shift 2
${AS_REDIS}
answers=$(
  while [ $# -ge 2 ]; do
    {
      # shellcheck disable=SC2016 # the inner shell expands them
      said=$(timeout 1 bash -c ${PING} ping "$1" "$2" 2>/dev/null)
      printf 'ping %s %s %s %s\n' "$?" "$1" "$2" "$said"
    } &
    shift 2
  done
  wait
)
state=$(systemctl show --no-pager --property=LoadState,ActiveState,UnitFileState,MainPID "$unit")
printf '%s\n' "$state"
printf '%s\n' "$answers"
pid=\${state##*MainPID=}
pid=\${pid%%[!0-9]*}
for note in ${PAUSE_FOLDER}/"$unit".pause.*; do
  if [ -f "$note" ] && IFS= read -r line <"$note"; then printf 'pause %s\n' "$line"; fi
done
[ -f "$file" ] || exit 0
stat --dereference --format='stat %U %G %a' -- "$file"
digest=$(as_redis md5sum -- "$file")
dpkg-query --show --showformat='\${Conffiles}\n' "\${NODE_SERVER:-redis}-sentinel" 2>/dev/null |
  grep -qxF " $file \${digest%% *}" && echo packaged
if [ "\${pid:-0}" -gt 0 ]; then
  folder=\${file%/*}
  if as_redis test -w "$file" -a -w "$folder" &&
    [ -w "/proc/$pid/root$file" ] && [ -w "/proc/$pid/root$folder" ]; then echo 'writable yes'; else echo 'writable no'; fi
fi
printf 'content '
as_redis head -c 262144 -- "$file" | base64 --wrap=0
printf '\n'
`;

const unit = z
  .object({
    LoadState: z.string().min(1),
    ActiveState: z.string().min(1),
    UnitFileState: z.string().default(''),
    MainPID: z.coerce.number().int().nonnegative().default(0),
  })
  .transform(({ LoadState, ActiveState, UnitFileState, MainPID }) => ({
    loadState: LoadState,
    activeState: ActiveState,
    unitFileState: UnitFileState,
    mainPid: MainPID,
  }));

export type SentinelHostFacts = Pick<SentinelFacts, 'unit' | 'file' | 'pings' | 'pauses'>;

/**
 * The unit and the file of a host’s Sentinel, and what the other Sentinels answer this host.
 * @throws what `NodeSession.run` does; a ZodError if systemd said nothing.
 */
export async function readSentinelHost(
  session: NodeSession,
  { unit: name, path }: { unit: string; path: string },
  others: readonly Endpoint[],
  secrets: readonly Secret[],
): Promise<SentinelHostFacts> {
  const targets = others.slice(0, MOST_PINGS).flatMap(({ host, port }) => [host, String(port)]);
  const { stdout } = await session.run(SCRIPT, { parameters: [name, path, ...targets], timeoutMs: LIMIT_MS });
  return sentinelHostIn(stdout, { unit: name, path }, secrets);
}

/** @throws ZodError if systemd said nothing. */
export function sentinelHostIn(
  stdout: string,
  { unit: name, path }: { unit: string; path: string },
  secrets: readonly Secret[],
): SentinelHostFacts {
  const lines = stdout.split('\n');
  const after = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
  const [owner = '', group = '', mode = ''] = after('stat')?.split(' ') ?? [];
  const text = after('content');
  const pauses = lines.flatMap((line) => {
    const pause = line.startsWith('pause ') ? pauseIn(line.slice('pause '.length)) : null;
    return pause ? [pause] : [];
  });
  const writable = after('writable');
  return {
    unit: { name, ...unit.parse(propertiesIn(stdout)) },
    file: {
      path,
      stat: owner === '' ? null : { owner, group, mode },
      isPackaged: lines.includes('packaged'),
      content: text ? SentinelFile.decode(text, secrets) : null,
      writable: writable === undefined ? 'unknown' : writable === 'yes',
    },
    pings: lines.flatMap(pingOf),
    ...(pauses.length === 0 ? {} : { pauses }),
  };
}

function pingOf(line: string): readonly Ping[] {
  const [, status = '', host = '', port = '', said = ''] = /^ping (\d+) (\S+) (\d+) (.*)$/.exec(line) ?? [];
  return host === ''
    ? []
    : [{ host, port: Number(port), answer: pingAnswer(said, Number(status)), said: nodeWords(said) }];
}
