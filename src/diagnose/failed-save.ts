import { refusesWrites } from './judge.ts';
import type { Rule } from './rule.ts';

export const failedSave: Rule = ({ name, redis }) => {
  if (redis.state !== 'up' || !refusesWrites(redis)) return [];
  return [
    {
      id: 'WRITES_REFUSED',
      node: name,
      cause: 'MISCONF: the last save failed, save points are set, and stop-writes-on-bgsave-error is yes.',
      evidence: [
        'rdb_last_bgsave_status is err',
        `save is “${redis.configuration.get('save') ?? ''}” in the running process`,
      ],
      remedy: 'Mend the disk, or let Git say `save: ""` under redis_config and `apply`.',
      safe: false,
    },
  ];
};
