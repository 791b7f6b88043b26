import type { DesiredFile } from './desired.ts';
import type { HostFacts } from './facts.ts';
import type { SensitiveText } from './secret.ts';
import { MANAGED } from './text/managed.ts';

/** Who wrote a configuration file that redisops manages. */
export type FileOrigin = 'absent' | 'package' | 'redisops' | 'someone';

/** Where the original of a replaced file is kept permanently: nothing overwrites it. */
export function original(path: string): string {
  return `${path}.redisops-original`;
}

/** Where the file that redisops replaced last stays. */
export function previous(path: string): string {
  return `${path}.redisops-previous`;
}

/**
 * Who wrote the file at a path of redisops. redisops’ own files have its first line; one from the repository’s template
 * may not, but its original is beside it.
 */
export function fileOrigin({ path, content }: DesiredFile, { files }: Pick<HostFacts, 'files'>): FileOrigin {
  const file = files.get(path);
  if (!file?.exists) return 'absent';
  if (file.isPackaged) return 'package';
  if (isManaged(file.content)) return 'redisops';
  const isReplacement = [original(path), previous(path)].some((each) => files.get(each)?.exists);
  return isReplacement && !isManaged(content) ? 'redisops' : 'someone';
}

/** As above; on a node with a redis.conf of redisops, a drop-in that someone put over its own is an edit by hand. */
export function dropInOrigin(
  { dropIn, redisConf }: { dropIn: DesiredFile; redisConf: DesiredFile },
  host: Pick<HostFacts, 'files'>,
): FileOrigin {
  const origin = fileOrigin(dropIn, host);
  return origin === 'someone' && fileOrigin(redisConf, host) === 'redisops' ? 'redisops' : origin;
}

/** Whether its first line says that redisops wrote it; a repository’s own template need not have it. */
export function isManaged(content: SensitiveText | undefined): boolean {
  return content?.reveal().startsWith(MANAGED) ?? false;
}
