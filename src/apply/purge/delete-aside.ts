import { z } from 'zod';
import type { AsideFile, DeleteAside } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { AsideManifest } from '../../domain/redis/remains.ts';
import { DELETE_SCRIPT, MANIFEST_SCRIPT, runAside } from './script.ts';
import { guardPurge, refuseLoss } from './guard.ts';
import { saysChanged, type Step } from '../node/step.ts';

const manifest: z.ZodType<AsideManifest> = z.object({
  version: z.literal(1),
  node: z.string(),
  keys: z.number().int().nonnegative(),
  files: z.array(
    z.object({ path: z.string(), bytes: z.number(), modified: z.string(), sha256: z.string().nullable() }),
  ),
});

/**
 * Deletes files moved aside, irreversibly: only after a write to the cluster arrived on every node, while the node
 * still has the keys it had when they were moved, and their possible content is kept elsewhere.
 * @throws VERIFY_FAILED, PURGE_LAST_COPY, PURGE_NOT_NOW, STALE_PLAN or COMMAND_FAILED: the files are still there then.
 */
export async function deleteAside(action: DeleteAside, step: Step): Promise<boolean> {
  const { directory, folders } = action;
  const files = action.files.map(({ aside, ...file }) => ({ ...file, path: aside }));
  if (files.length > 0) await refuseUnhealthy(action, files, step);
  return saysChanged(
    await runAside(step, { what: 'Deleting', script: DELETE_SCRIPT, directory, parameters: folders, files }),
  );
}

async function refuseUnhealthy(action: DeleteAside, files: readonly AsideFile[], step: Step): Promise<void> {
  const before = await keysBefore(action, step);
  const { verdict, reasons } = await step.verify();
  if (verdict !== 'healthy')
    throw new RedisopsError(
      'VERIFY_FAILED',
      `The cluster is ${verdict}, so nothing is deleted: ${reasons.map(({ message }) => message).join('; ')}`,
      { hint: `The files are kept in ${action.folders.map((folder) => `${action.directory}/${folder}`).join(', ')}.` },
    );
  refuseLoss(before, await guardPurge(files, step), step);
}

/** The largest count in the manifests: there may be files from several purges. */
async function keysBefore({ directory, folders }: DeleteAside, step: Step): Promise<number> {
  const said = await runAside(step, {
    what: 'Reading manifests',
    script: MANIFEST_SCRIPT,
    directory,
    parameters: folders,
  });
  const texts = said.split('\0').slice(0, -1);
  return Math.max(0, ...texts.filter((text) => text !== '').map((text) => keysOf(text, step)));
}

function keysOf(text: string, { node }: Step): number {
  try {
    return manifest.parse(JSON.parse(text)).keys;
  } catch (cause) {
    throw new RedisopsError('STALE_PLAN', `A quarantine manifest on ${node.name} cannot be read.`, {
      cause,
      hint: 'Nothing was deleted. Check the files and remove them by hand.',
    });
  }
}
