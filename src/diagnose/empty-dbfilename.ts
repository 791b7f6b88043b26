import type { Rule } from './rule.ts';

/** A replica renames its temporary file to dbfilename at the end of a full synchronisation. */
export const emptyDbfilename: Rule = ({ name, redis }) => {
  if (redis.state !== 'up' || redis.configuration.get('dbfilename') !== '') return [];
  return [
    {
      id: 'RESYNC_WOULD_FAIL',
      node: name,
      cause: 'dbfilename is empty: every full synchronisation fails at the end.',
      evidence: ['CONFIG GET dbfilename returns an empty name'],
      remedy: '`apply` sets dbfilename in the file and restarts the replica.',
      safe: redis.role === 'replica',
    },
  ];
};
