import { refusesAppends, refusesWrites } from './judge.ts';
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
      remedy:
        'Mend the disk, or let Git say `save: ""` under redis_config and `apply`; `purge` removes what is left on disk then, and sets that first where it is all that differs.',
      safe: false,
    },
  ];
};

export const failedAppend: Rule = ({ name, redis }, { dataDirectory }) => {
  if (redis.state !== 'up' || !refusesAppends(redis)) return [];
  return [
    {
      id: 'WRITES_REFUSED',
      node: name,
      cause: 'MISCONF: the last write to the append-only file failed.',
      evidence: ['aof_last_write_status is err'],
      remedy: `Mend the disk under ${dataDirectory}: Redis tries again by itself.`,
      safe: false,
    },
  ];
};
