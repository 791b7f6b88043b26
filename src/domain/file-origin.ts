import type { DesiredFile } from './desired.ts';
import type { HostFacts } from './facts.ts';
import type { SensitiveText } from './secret.ts';
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

/**
 * Whose file stands where redisops writes one. A file of redisops has its first line; one of a repository’s own template
 * need not, but what it replaced is beside it.
 */
export function fileOrigin({ path, content }: DesiredFile, { files }: Pick<HostFacts, 'files'>): FileOrigin {
  const file = files.get(path);
  if (!file?.exists) return 'absent';
  if (file.isPackaged) return 'package';
  if (isManaged(file.content)) return 'redisops';
  const isReplacement = [original(path), previous(path)].some((each) => files.get(each)?.exists);
  return isReplacement && !isManaged(content) ? 'redisops' : 'someone';
}

function isManaged(content: SensitiveText | undefined): boolean {
  return content?.reveal().startsWith(MANAGED) ?? false;
}
