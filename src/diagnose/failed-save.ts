import { failedAppend as append, failedSave as save } from '../domain/health/refused-writes.ts';
import type { Rule } from './rule.ts';

export const failedSave: Rule = ({ name, redis }) => {
  if (redis.state !== 'up' || !save(redis)) return [];
  return [
    {
      id: 'WRITES_REFUSED',
      node: name,
      cause: 'MISCONF: the last save failed, save points are set, and stop-writes-on-bgsave-error is yes.',
      evidence: [
        'rdb_last_bgsave_status is err',
        `save is “${redis.configuration.get('save') ?? ''}” in the running process`,
      ],
      byHand: 'Fix the disk: Redis saves again by itself. Or set `save: ""` under redis_config in Git.',
    },
  ];
};

export const failedAppend: Rule = ({ name, redis }, { dataDirectory }) => {
  if (redis.state !== 'up' || !append(redis)) return [];
  return [
    {
      id: 'WRITES_REFUSED',
      node: name,
      cause: 'MISCONF: the last write to the append-only file failed.',
      evidence: ['aof_last_write_status is err'],
      byHand: `Fix the disk under ${dataDirectory}: Redis retries by itself.`,
    },
  ];
};
