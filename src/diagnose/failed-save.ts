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
        'Fix the disk. Or set `save: ""` under redis_config in Git and `apply`, then `purge` the files left on disk. If only the save settings differ, `purge` alone does both.',
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
      remedy: `Fix the disk under ${dataDirectory}: Redis retries on its own.`,
      safe: false,
    },
  ];
};
