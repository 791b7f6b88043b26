import { z } from 'zod';
import { linesOf, type Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

export interface Resources {
  freeBytes: number;
  memoryAvailableBytes: number;
}

const whole = z.coerce.number().int().nonnegative();
const printed = z.object({ free: z.tuple([whole, whole]), MemAvailable: whole });

/** `stat -f` of the data directory, or of its nearest existing parent; `/proc/meminfo`. */
export const resourcesFact: Fact<Resources> = {
  script: fragment`
place=$directory
while [ ! -e "$place" ]; do place=\${place%/*}; [ -n "$place" ] || place=/; done
stat --file-system --format='free %a %S' -- "$place"
while read -r key value _; do
  [ "$key" = MemAvailable: ] && printf 'MemAvailable %s\n' "$value" && break
done </proc/meminfo`,
  parse(stdout) {
    const rows = linesOf(stdout).map((line) => line.split(' '));
    const values = new Map(rows.map(([key, ...rest]) => [key, rest]));
    const { free, MemAvailable } = printed.parse({
      free: values.get('free'),
      MemAvailable: values.get('MemAvailable')?.[0],
    });
    return {
      freeBytes: free[0] * free[1],
      memoryAvailableBytes: MemAvailable * 1024,
    };
  },
};
