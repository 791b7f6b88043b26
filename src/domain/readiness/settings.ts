import { hostsOf } from '../desired.ts';
import { userOf } from '../server/server.ts';
import type { SentinelMaster } from '../sentinel/replies.ts';
import type { Lack, Readable, ReadinessRule } from './rule.ts';

/** SENTINEL SET reaches one Sentinel only: settings may differ unnoticed. */
export const settingsRules: readonly ReadinessRule[] = [settingsDiffer, notWritable, brokenFile];

const SETTINGS: Readonly<Record<string, (master: SentinelMaster) => number>> = {
  quorum: ({ quorum }) => quorum,
  'down-after-milliseconds': ({ downAfterMs }) => downAfterMs,
  'failover-timeout': ({ failoverTimeoutMs }) => failoverTimeoutMs,
  'parallel-syncs': ({ parallelSyncs }) => parallelSyncs,
};

function settingsDiffer({ watch: { watchers } }: Readable): readonly Lack[] {
  return Object.entries(SETTINGS).flatMap(([name, of]): readonly Lack[] => {
    if (new Set(watchers.map(({ master }) => of(master))).size < 2) return [];
    return [
      {
        code: 'SENTINEL_SETTINGS_DIFFER',
        nodes: watchers.map(({ node }) => node),
        message: `The Sentinels have different values of ${name}: which one counts depends on who votes first.`,
        evidence: watchers.map(({ node, master }) => `${node}: ${name} ${of(master)}`),
        cure: `Run SENTINEL SET ${name === 'quorum' ? 'NAME quorum' : `NAME ${name}`} on each Sentinel: it does not reach the others. With redis_enable_sentinel: true, \`apply\` does.`,
      },
    ];
  });
}

/** Sentinel forgets votes and epochs at its next start, and may then vote twice. */
function notWritable({ watch: { watchers }, desired }: Readable): readonly Lack[] {
  return watchers.flatMap(({ node, facts: { file, unit } }): readonly Lack[] => {
    if (file.writable !== false) return [];
    const { stat } = file;
    const user = userOf(hostsOf(desired).find(({ name }) => name === node) ?? {});
    return [
      {
        code: 'SENTINEL_FILE_NOT_WRITABLE',
        nodes: [node],
        message: `The Sentinel on ${node} cannot replace ${file.path}: it forgets its votes at its next start, or does not start at all.`,
        evidence: [stat ? `${file.path}: ${stat.owner}:${stat.group} ${stat.mode}` : `${file.path} is missing`],
        cure: `Make the file and its folder writable for the ${user} user, also in ${unit.name} (ReadWritePaths=).`,
      },
    ];
  });
}

/** Sentinel 7 writes passwords without quotes: it runs on, and does not start again. */
function brokenFile({ watch: { watchers } }: Readable): readonly Lack[] {
  return watchers.flatMap(({ node, facts: { file } }): readonly Lack[] => {
    const lines = file.content?.brokenLines ?? [];
    if (lines.length === 0) return [];
    return [
      {
        code: 'SENTINEL_FILE_BROKEN',
        nodes: [node],
        message: `The Sentinel on ${node} would not start again: its own file has a line that it cannot read.`,
        evidence: [`${file.path}, line ${lines.join(', ')}: a password that needs quotes, which Sentinel leaves out`],
        cure: 'Give Redis a password without spaces and quotes (redis_password), then set auth-pass on each Sentinel. Do not restart Sentinel before that.',
      },
    ];
  });
}
