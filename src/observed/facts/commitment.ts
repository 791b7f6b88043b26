import type { MemoryCommitment } from '../../domain/facts.ts';
import { linesOf, type Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

const RULES = ['heuristic', 'always', 'never'] as const;

/**
 * `vm.overcommit_memory` and, from `/proc/meminfo`, the figures that matter if it is 2. Null if unreadable. (The kernel
 * returns the value to a single read only; a shell that reads byte by byte misses the line’s end.)
 */
export const commitmentFact: Fact<MemoryCommitment | null> = {
  script: fragment`
rule=
{ read -r rule </proc/sys/vm/overcommit_memory; } 2>/dev/null
printf 'rule %s\n' "$rule"
while read -r key value _; do
  case $key in CommitLimit:|Committed_AS:) printf '%s %s\n' "\${key%:}" "$value" ;; esac
done </proc/meminfo`,
  parse(stdout) {
    const values = new Map(
      linesOf(stdout).map((line): [string, string] => {
        const [key = '', value = ''] = line.split(' ');
        return [key, value];
      }),
    );
    const overcommit = RULES[['0', '1', '2'].indexOf(values.get('rule') ?? '')];
    const left = (Number(values.get('CommitLimit')) - Number(values.get('Committed_AS'))) * 1024;
    return overcommit === undefined || Number.isNaN(left) ? null : { overcommit, uncommittedBytes: Math.max(0, left) };
  },
};
