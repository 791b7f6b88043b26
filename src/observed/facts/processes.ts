import { z } from 'zod';
import { linesOf, type Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/** A Redis or Sentinel process on the host or in a container on it. */
export interface RedisProcess {
  pid: number;
  parentPid: number;
  startTicks: string;
  /** Redis’s process title: `/usr/bin/redis-server 127.0.0.1:6379`. */
  title: string;
  /** The innermost control group: `redis-server.service`, `session-3.scope`; empty if none. */
  controlGroup: string;
  /** Whether it can write its working directory, which is Redis’s `dir`: by mount, owner and mode. */
  canWriteDirectory: boolean;
  /** Its working directory, as the process sees it. */
  directory?: string;
  /** Its hard limit of open files; absent if unlimited or unknown. */
  openFiles?: number;
  /** It has the limit of PID 1, as in a container: systemd cannot give it more. */
  hasLimitOfInit?: true;
  inContainer?: true;
}

const WRITE_AND_SEARCH = 3;

/**
 * `/proc/PID/cwd` leads into the process’s own mounts: `test -w` there fails on paths made read-only by its sandbox,
 * unlike the host’s own path. For root, it ignores owner and mode, which are compared here.
 */
export const processesFact: Fact<readonly RedisProcess[]> = {
  script: fragment`
limit_of() {
  while read -r line; do
    case $line in 'Max open files'*) printf '%s %s\n' "$1" "$line" && break ;; esac
  done <"$2"
}
limit_of init /proc/1/limits 2>/dev/null
for process in /proc/[0-9]*; do
  { read -r name <"$process/comm"; } 2>/dev/null || continue
  case $name in redis-server*|redis-sentinel*|valkey-server*|valkey-sentine*) ;; *) continue ;; esac
  {
    read -r stat <"$process/stat" && printf 'stat %s\n' "$stat"
    # shellcheck disable=SC3013 # dash and bash have -ef
    [ "$process/ns/pid" -ef /proc/self/ns/pid ] || printf 'container\n'
    printf 'cwd %s\n' "$(readlink -- "$process/cwd")"
    title= && read -r title <"$process/cmdline"
    printf 'title %s\n' "$title"
    while read -r line; do printf 'cgroup %s\n' "$line"; done <"$process/cgroup"
    # The shell reads byte by byte: no further than the groups, the last of the three.
    while read -r line; do
      case $line in Uid:*|Gid:*) printf '%s\n' "$line" ;; Groups:*) printf '%s\n' "$line" && break ;; esac
    done <"$process/status"
    limit_of own "$process/limits"
    [ -w "$process/cwd" ] && printf 'writable\n'
    stat --dereference --format='directory %u %g %a %h' "$process/cwd"
  } 2>/dev/null
done`,
  parse(stdout) {
    const lines = linesOf(stdout);
    const ofInit = hardLimit(textAfter('init Max open files', lines));
    const found = blocksOf(lines).map((block) => processOf(block, ofInit));
    // A child is a saving fork, and ends with its parent.
    const pids = new Set(found.map(({ pid }) => pid));
    return found.filter(({ parentPid }) => !pids.has(parentPid));
  },
};

function blocksOf(lines: readonly string[]): readonly (readonly string[])[] {
  const blocks: string[][] = [];
  for (const line of lines) {
    if (line.startsWith('stat ')) blocks.push([]);
    blocks.at(-1)?.push(line);
  }
  return blocks;
}

/** `/proc/PID/stat`: the name in brackets may contain anything; field 4 is the parent, 22 the start time. */
const stat = z
  .string()
  .regex(/^\d+ \(.*\) /)
  .transform((line) => {
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return { pid: Number.parseInt(line, 10), parentPid: Number(fields[1]), startTicks: fields[19] ?? '' };
  });

function processOf(lines: readonly string[], limitOfInit: number | null): RedisProcess {
  const after = (word: string): string => textAfter(word, lines);
  const user = {
    id: numbers(after('Uid:'))[1] ?? -1,
    groups: [numbers(after('Gid:'))[1] ?? -1, ...numbers(after('Groups:'))],
  };
  const directory = after('cwd ');
  const openFiles = hardLimit(after('own Max open files'));
  return {
    ...stat.parse(after('stat ')),
    title: after('title '),
    controlGroup: innermost(lines.filter((line) => line.startsWith('cgroup ')).map((line) => line.slice(7))),
    canWriteDirectory: lines.includes('writable') && permits(after('directory '), user),
    ...(directory === '' ? {} : { directory }),
    ...(openFiles === null ? {} : { openFiles }),
    ...(openFiles !== null && openFiles === limitOfInit ? { hasLimitOfInit: true } : {}),
    ...(lines.includes('container') ? { inContainer: true } : {}),
  };
}

function textAfter(word: string, lines: readonly string[]): string {
  const found = lines.find((line) => line.startsWith(word)) ?? '';
  return found.slice(word.length).trim();
}

/** The soft limit comes first. Null if there is none. */
function hardLimit(limits: string): number | null {
  const hard = limits.split(/\s+/)[1] ?? '';
  return /^\d+$/.test(hard) ? Number(hard) : null;
}

function permits(directory: string, user: { id: number; groups: readonly number[] }): boolean {
  const [owner, group, mode, links] = directory.split(' ');
  // A directory removed under the process still exists for it, but nothing can be created in it.
  if (mode === undefined || links === '0') return false;
  if (user.id === 0) return true;
  const bits = Number.parseInt(mode, 8);
  const shift = Number(owner) === user.id ? 6 : user.groups.includes(Number(group)) ? 3 : 0;
  return ((bits >> shift) & WRITE_AND_SEARCH) === WRITE_AND_SEARCH;
}

/** From version 2 (`0::`) or systemd’s hierarchy of version 1, whichever names a unit. */
function innermost(lines: readonly string[]): string {
  const paths = lines
    .filter((line) => line.startsWith('0::') || line.includes(':name=systemd:'))
    .map((line) => line.split(':').slice(2).join(':'));
  return paths.map((path) => path.split('/').findLast((part) => part !== '') ?? '').find((part) => part !== '') ?? '';
}

function numbers(text: string): readonly number[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(Number);
}
