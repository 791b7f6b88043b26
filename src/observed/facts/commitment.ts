import type { MemoryCommitment } from '../../domain/facts.ts';
import { linesOf, type Fact } from './fact.ts';

const RULES = ['heuristic', 'always', 'never'] as const;

/** `vm.overcommit_memory`, and of `/proc/meminfo` what counts where it is 2. Null where either cannot be read. */
export const commitmentFact: Fact<MemoryCommitment | null> = {
  name: 'commitment',
  script: String.raw`
{ read -r rule </proc/sys/vm/overcommit_memory && printf 'rule %s\n' "$rule"; } 2>/dev/null
while read -r key value _; do
  case $key in CommitLimit:|Committed_AS:) printf '%s %s\n' "${'$'}{key%:}" "$value" ;; esac
done </proc/meminfo`,
  parse(stdout) {
    const values = new Map(
      linesOf(stdout).map((line): [string, string] => {
        const [key = '', value = ''] = line.split(' ');
        return [key, value];
      }),
    );
    const overcommit = RULES[Number(values.get('rule') ?? -1)];
    const left = (Number(values.get('CommitLimit')) - Number(values.get('Committed_AS'))) * 1024;
    return overcommit === undefined || Number.isNaN(left) ? null : { overcommit, uncommittedBytes: Math.max(0, left) };
  },
};
