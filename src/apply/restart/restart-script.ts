import { RedisopsError } from '../../domain/error.ts';
import type { StartData } from '../../domain/redis/start-data.ts';
import { sh } from '../../domain/shell.ts';
import { REDIS_CLI, redisCliOptions } from '../node/redis-cli-script.ts';
import { markStart } from '../node/said-at-start.ts';
import { lastLines, maskedFor, runOrFail, type Step } from '../node/step.ts';
import { tellLoading } from '../node/tell-loading.ts';
import { SYSTEMCTL_FOR, unitFailed } from '../unit/start.ts';
import { OLDER, SERVED, SET_ASIDE, manifestFor, ownerOf } from './set-aside.ts';

/** The data on disk at a restart. */
export interface DataOnDisk {
  /** What the start loads; null if nothing. */
  data: StartData | null;
  /** Older than the memory: moved aside before the start. */
  older: boolean;
  /** Not kept up to date from then on: moved aside once loaded. */
  served: boolean;
  /** Number of keys on the node. */
  keys: number;
}

const NOT_ASIDE = 14;
const KEEP = '-';
/** On top of systemd’s own limit: for a unit that does not notify, the time until Redis has loaded. */
const LOADED_MS = 60_000;

/**
 * $1 the unit, $2 the owner of its data, $3 how it ends (`saving`, or `-`), $4 and $5 the quarantine folders for before and
 * after (`-`: none), $6 the folder, $7 the manifest, then names. All on the node: a worker that dies in between leaves nothing
 * that a later start would load. SIGTERM saves in the one thread that takes writes, so that none is acknowledged after
 * the save; the setting goes with the process.
 */
const RESTART = sh`
set -eu
${REDIS_CLI}
${SYSTEMCTL_FOR}
${SET_ASIDE}
unit=$1 owner=$2 end=$3 older=$4 served=$5 folder=$6 manifest=$7
shift 7
loaded() {
  for _ in $(seq 600); do
    if cli INFO persistence 2>/dev/null | grep -q '^loading:0'; then return 0; fi
    sleep 0.1
  done
  return 1
}
if [ "$older" != ${KEEP} ] && [ -d "$folder" ]; then
  set_aside "$owner" "$folder" "$older" "$manifest" "$@" || exit ${NOT_ASIDE}
fi
if [ "$end" = saving ]; then
  before=$(cli CONFIG GET shutdown-on-sigterm | tail -n 1)
  cli CONFIG SET shutdown-on-sigterm save >/dev/null
  [ "$(cli CONFIG GET shutdown-on-sigterm | tail -n 1)" = save ] || exit 1
fi
systemctl_for "$unit" restart || {
  status=$?
  [ "$end" != saving ] || cli CONFIG SET shutdown-on-sigterm "$before" >/dev/null 2>&1 || true
  exit $status
}
if [ "$served" != ${KEEP} ] && loaded; then set_aside "$owner" "$folder" "$served" "$manifest" "$@"; fi
`;

/** $1 the owner, $2 the folder, $3 the quarantine folder, $4 the manifest, then names. */
const ASIDE = sh`
${SET_ASIDE}
set_aside "$@"
`;

/**
 * Restarts the unit, never from data older than its memory.
 * @throws START_LOADS_OLD_DATA if that data cannot be moved aside; COMMAND_FAILED with the end of the unit’s log.
 */
export async function restartFrom(
  disk: DataOnDisk,
  { unit, saving = false, longerMs = 0 }: { unit: string; saving?: boolean; longerMs?: number },
  step: Step,
): Promise<void> {
  const { parameters, input } = redisCliOptions(step);
  const { data, older, served } = disk;
  const folders = [data && older ? OLDER : KEEP, data && served ? SERVED : KEEP];
  const saidSince = await markStart(step);
  const result = await tellLoading(
    step,
    step.session.run(RESTART, {
      parameters: [...parameters, unit, ownerOf(step), saving ? 'saving' : KEEP, ...folders, ...what(disk, step)],
      input,
      timeoutMs: step.desired.limits.startMs + LOADED_MS + longerMs,
    }),
  );
  if (result.status === NOT_ASIDE) throw notAside(lastLines(maskedFor(step, result.stderr), 2), disk, step);
  if (result.status !== 0) throw unitFailed(`systemctl restart ${unit}`, result.stderr, await saidSince(), step);
  for (const [, from = '', to = ''] of result.stdout.matchAll(/^aside (.+) (\S+)$/gm))
    // The plan says of a served snapshot that it is moved; an older file is news.
    if (to.endsWith(OLDER)) step.progress({ message: `moved ${from} aside, into ${to}` });
}

/** A snapshot made for a restart that did not happen: nothing keeps it up to date. */
export async function setServedAside(disk: DataOnDisk, step: Step): Promise<void> {
  if (!disk.data || !disk.served) return;
  await runOrFail(step, 'Moving the snapshot aside', ASIDE, {
    parameters: [ownerOf(step), disk.data.folder, SERVED, ...what(disk, step).slice(1)],
  });
}

function what({ data, keys }: DataOnDisk, step: Step): readonly string[] {
  return [data?.folder ?? KEEP, manifestFor(step, keys), ...(data?.names ?? [])];
}

function notAside(why: string, { data }: DataOnDisk, { node }: Step): RedisopsError {
  const paths = data?.names.map((name) => `${data.folder}/${name}`).join(' or ') ?? '';
  return new RedisopsError(
    'START_LOADS_OLD_DATA',
    `A start of ${node.name} would load ${paths}, which is older than what it holds, and it could not be moved aside: ${why}`,
    { hint: 'It was left running. Move the file away, then run again.' },
  );
}
