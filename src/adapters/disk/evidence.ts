import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RedisopsError } from '../../domain/error.ts';
import type { EvidenceStore } from '../../ports/evidence.ts';

/**
 * Evidence in the folder of the backups: `CLUSTER-NODE-TIME.evidence.json`, with its SHA-256 in `….sha256` beside it, as
 * `sha256sum --check` reads it.
 */
export function evidenceIn(folder: string): EvidenceStore {
  return {
    async keep({ cluster, node, at }, text) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      const path = join(folder, `${cluster}-${node}-${at.replaceAll(/[-:.]/g, '')}.evidence.json`);
      const sha256 = digestOf(text);
      await write(path, text);
      await write(`${path}.sha256`, `${sha256}  ${basename(path)}\n`);
      if (digestOf(await readFile(path)) !== sha256)
        throw new RedisopsError('EVIDENCE_FAILED', `${path} was not written as it was read.`, {
          hint: 'Check the disk of the redisops host, then run again.',
        });
      return { node, path, sha256 };
    },
  };
}

/** Never over a file that is there. */
async function write(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
