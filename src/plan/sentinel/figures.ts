import { hostsOf, type DesiredCluster } from '../../domain/desired.ts';
import type { Risk, Wave } from '../../domain/plan.ts';
import { duration } from '../../domain/text/figures.ts';
import { settingOf } from '../directives/setting.ts';
import type { Roles } from '../roles/topology.ts';

/** Vote and promotion, then until all nodes follow: three Sentinels of Redis 7.0 on one network. */
const PROMOTION_MS = 500;
const FOLLOW_MS = 1300;

/** What an automatic failover takes and may lose, said where Sentinel is turned on or set otherwise. */
export function failoverFigures(waves: readonly Wave[], desired: DesiredCluster, { pairs }: Roles): readonly Risk[] {
  const isChanged = waves.some(({ actions }) =>
    actions.some(({ kind }) => kind === 'set-up-sentinel' || kind === 'sentinel-set'),
  );
  const sentinel = hostsOf(desired).find((host) => host.sentinel)?.sentinel;
  const [first] = pairs;
  if (!isChanged || !sentinel || !first) return [];
  const { file, masterName } = sentinel;
  const downAfter = Number(file.content.ofMaster(masterName, 'down-after-milliseconds') ?? 30_000);
  const strict = Number(settingOf(first, 'min-replicas-to-write') ?? 0);
  const lag = settingOf(first, 'min-replicas-max-lag') ?? '10';
  const bound =
    strict > 0
      ? `at most the writes of about ${lag} s (min-replicas-max-lag), while ${strict} replicas must be in sync`
      : 'the writes that the new master had not received yet: usually milliseconds, without a bound (min-replicas-to-write is 0)';
  const open =
    file.content.password === null
      ? [
          {
            code: null,
            node: null,
            message: `Anyone who can reach port ${sentinel.port} can command these Sentinels: block it in the firewall, or set redis_sentinel_password.`,
          },
        ]
      : [];
  return [
    {
      code: null,
      node: null,
      message: `When the master is lost, a new one takes writes after about ${duration(downAfter + PROMOTION_MS)}, and all nodes follow it after about ${duration(downAfter + PROMOTION_MS + FOLLOW_MS)} (down-after ${duration(downAfter)}). It may lose ${bound}.`,
    },
    ...open,
  ];
}
