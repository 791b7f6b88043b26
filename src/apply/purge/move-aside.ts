import type { MoveAside } from '../../domain/action.ts';
import type { AsideManifest } from '../../domain/redis/remains.ts';
import { HASH_SCRIPT, MOVE_SCRIPT, runAside, sizeOf } from './script.ts';
import { guardPurge } from './guard.ts';
import { saysChanged, type Step } from '../node/step.ts';

/**
 * Moves files that no Redis uses into a folder beside them: on the same file system, hence instantly, keeping owner and
 * mode. The manifest there describes them, and how many keys the node held.
 * @throws STALE_PLAN, PURGE_NOT_NOW, PURGE_LAST_COPY or COMMAND_FAILED.
 */
export async function moveAside(action: MoveAside, step: Step): Promise<boolean> {
  const { directory, folder, files } = action;
  await guardPurge(files, step);
  step.progress({ message: `reading ${sizeOf(files)} bytes, for the manifest` });
  const hashes = await runAside(step, { what: 'Hashing', script: HASH_SCRIPT, directory, files });
  // Hashing may have taken long: check again right before moving.
  const keys = await guardPurge(files, step);
  const manifest: AsideManifest = {
    version: 1,
    node: step.node.name,
    keys,
    files: withHashes(action, hashes.trim().split('\n')),
  };
  const moved = await runAside(step, {
    what: 'Moving aside',
    script: MOVE_SCRIPT,
    directory,
    parameters: [folder],
    before: JSON.stringify(manifest, null, 2),
    files,
  });
  return saysChanged(moved);
}

function withHashes({ files }: MoveAside, hashes: readonly string[]): AsideManifest['files'] {
  return files.map(({ path, bytes, modified }, at) => {
    const sha256 = /^[\da-f]{64}$/.exec(hashes[at] ?? '')?.[0] ?? null;
    return { path, bytes, modified, sha256 };
  });
}
