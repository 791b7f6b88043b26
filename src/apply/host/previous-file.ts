import { createHash } from 'node:crypto';
import { SensitiveText, type Secret } from '../../domain/secret.ts';
import { PATH_GUARD } from './path-guard.ts';
import type { NodeSession } from '../../ports/nodes.ts';
import { sh } from '../../domain/shell.ts';

/** $1 path. */
const SCRIPT = sh`
set -eu
previous=$1.redisops-previous
${PATH_GUARD}
guard "$previous"
[ -f "$previous" ] || exit 0
dd if="$previous" iflag=nofollow,nonblock status=none | head -c 4194304 | base64 -w 0
`;

/**
 * A file’s content before redisops’ last change; null if it does not match the SHA-256 or cannot be read.
 * @throws what a broken connection throws.
 */
export async function previousContent(
  file: { path: string; sha256: string },
  session: NodeSession,
  secrets: readonly Secret[],
): Promise<SensitiveText | null> {
  const { status, stdout } = await session.run(SCRIPT, { parameters: [file.path], timeoutMs: 10_000 });
  if (status !== 0) return null;
  const bytes = Buffer.from(stdout, 'base64');
  if (createHash('sha256').update(bytes).digest('hex') !== file.sha256) return null;
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? new SensitiveText(text, secrets) : null;
}
