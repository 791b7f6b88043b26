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
  *) timeout 2 ss --no-header --listening --numeric --tcp --processes "sport = :$port" 2>/dev/null && printf 'asked\n' ;;
esac`,
  parse(stdout) {
    const lines = linesOf(stdout);
    if (!lines.includes('asked')) return null;
    return lines.flatMap((line): Listener[] => {
      const [, address, name, pid] = LISTENER.exec(line) ?? [];
      if (address === undefined) return [];
      return [{ address, process: name === undefined ? null : { name, pid: Number(pid) } }];
    });
  },
};
