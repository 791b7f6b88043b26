import type { HostFacts } from './facts.ts';
import { MANAGED } from './text/managed.ts';

/** Who wrote a configuration file that redisops manages. */
export type FileOrigin = 'absent' | 'package' | 'redisops' | 'someone';

/** Where the file that redisops replaced first stays for good: nothing overwrites it. */
export function original(path: string): string {
  return `${path}.redisops-original`;
}

/** Where the file that redisops replaced last stays. */
export function previous(path: string): string {
  return `${path}.redisops-previous`;
}

/** A file of a repository’s own template has no such first line: what it replaced is beside it. */
export function fileOrigin(path: string, { files }: Pick<HostFacts, 'files'>): FileOrigin {
  const file = files.get(path);
  if (!file?.exists) return 'absent';
  if (file.isPackaged) return 'package';
  const isReplacement = [original(path), previous(path)].some((each) => files.get(each)?.exists);
  return isReplacement || file.content?.reveal().startsWith(MANAGED) ? 'redisops' : 'someone';
}
