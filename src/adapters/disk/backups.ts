import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Backup } from '../../domain/redis/backup.ts';
import { RedisopsError } from '../../domain/error.ts';
import { roomIn } from './room.ts';
import type { BackupFile, Backups } from '../../ports/backups.ts';

const about = z.object({
  cluster: z.string(),
  node: z.string(),
  run: z.string(),
  at: z.string(),
  keys: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  written: z.object({ runId: z.string(), changes: z.number(), lastSave: z.number() }),
});

/** Backups in a folder of this machine: `CLUSTER-NODE-TIME.rdb`, with metadata in `….json` beside it. */
export function backupsIn(folder: string): Backups {
  return {
    async freeBytes() {
      await makeFolder(folder);
      return Math.max(0, await roomIn(folder));
    },
    async create(cluster, node) {
      await makeFolder(folder);
      return beginFile(folder, `${cluster}-${node}`);
    },
    async newest(cluster, node) {
      const names = await readdir(folder).catch(() => []);
      const prefix = `${cluster}-${node}-`;
      const times = names.flatMap((name) => (name.startsWith(prefix) && name.endsWith('Z.json') ? [name] : []));
      for (const name of times.toSorted().toReversed()) {
        const found = await readAbout(join(folder, name));
        if (found?.cluster === cluster && found.node === node) return found;
      }
      return null;
    },
  };
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

async function beginFile(folder: string, name: string): Promise<BackupFile> {
  const partial = join(folder, `${name}.partial`);
  await rm(partial, { force: true });
  const file = await open(partial, 'wx', 0o600);
  return {
    async write(chunk) {
      for (let done = 0; done < chunk.length;) done += (await file.write(chunk, done)).bytesWritten;
    },
    async keep(wanted) {
      await file.sync();
      await file.close();
      const { bytes, sha256 } = await digestOf(partial);
      if (bytes !== wanted.bytes || sha256 !== wanted.sha256) throw damaged(wanted, { bytes, sha256 });
      const path = join(folder, `${name}-${wanted.at.replaceAll(/[-:.]/g, '')}.rdb`);
      await rename(partial, path);
      // Metadata last: it makes the backup valid.
      await writeFile(`${path}.new`, `${JSON.stringify(wanted, null, 2)}\n`, { mode: 0o600, flush: true });
      await rename(`${path}.new`, aboutOf(path));
      await syncFolder(folder);
      return { ...wanted, path };
    },
    async discard() {
      await file.close().catch(() => {});
      await rm(partial, { force: true });
    },
  };
}

/** Read back from the disk. */
async function digestOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    if (!(chunk instanceof Uint8Array)) continue;
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function aboutOf(path: string): string {
  return path.replace(/\.rdb$/, '.json');
}

/** Null for a foreign file, or if its RDB file is missing or incomplete. */
async function readAbout(path: string): Promise<Backup | null> {
  try {
    const found = about.parse(JSON.parse(await readFile(path, 'utf8')));
    const rdb = path.replace(/\.json$/, '.rdb');
    return (await stat(rdb)).size === found.bytes ? { ...found, path: rdb } : null;
  } catch {
    return null;
  }
}

function damaged(wanted: { bytes: number; sha256: string }, found: { bytes: number; sha256: string }): RedisopsError {
  const said = ({ bytes, sha256 }: { bytes: number; sha256: string }) => `${bytes} bytes of SHA-256 ${sha256}`;
  return new RedisopsError(
    'BACKUP_FAILED',
    `The backup did not arrive complete: ${said(found)}, not ${said(wanted)}.`,
    {
      hint: 'No keys were given up. Run again. If it happens again, check the disk of the redisops host.',
    },
  );
}
