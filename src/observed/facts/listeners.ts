import type { Listener } from '../../domain/facts.ts';
import { linesOf, type Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

const LISTENER = /^LISTEN\s+\d+\s+\d+\s+(\S+):\d+\s+\S+(?:\s+users:\(\("(.*?)",pid=(\d+),)?/;

/** Processes listening on Redis’s port; only if its unit is not running. Null if `ss` fails. */
export const listenersFact: Fact<readonly Listener[] | null, 'unit'> = {
  after: ['unit'],
  script: fragment`
case $state in
  *ActiveState=active*) ;;
  *)
    listening=$(timeout 2 ss --no-header --listening --numeric --tcp --processes "sport = :$port" 2>/dev/null) && {
      printf '%s\nasked\n' "$listening"
      printf '%s\n' "$listening" | sed -n 's/.*users:((".*",pid=\([0-9]*\),.*/\1/p' | while read -r pid; do
        sed -n "s,^0::.*/,group $pid ,p" "/proc/$pid/cgroup" 2>/dev/null
      done
    } ;;
esac
true`,
  parse(stdout) {
    const lines = linesOf(stdout);
    if (!lines.includes('asked')) return null;
    const groups = new Map(
      lines.flatMap((line) => {
        const [, pid, group] = /^group (\d+) (\S+)$/.exec(line) ?? [];
        return pid === undefined || group === undefined ? [] : [[Number(pid), group] as const];
      }),
    );
    const processOf = (name: string, pid: number): Listener['process'] => {
      const controlGroup = groups.get(pid);
      return { name, pid, ...(controlGroup === undefined ? {} : { controlGroup }) };
    };
    return lines.flatMap((line): Listener[] => {
      const [, address, name, pid] = LISTENER.exec(line) ?? [];
      if (address === undefined) return [];
      return [{ address, process: name === undefined ? null : processOf(name, Number(pid)) }];
    });
  },
};
