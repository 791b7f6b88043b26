import type { Rule } from './rule.ts';

/** A replica renames its temporary file to dbfilename at the end of a full synchronization. */
export const emptyDbfilename: Rule = ({ name, redis }) => {
  if (redis.state !== 'up' || redis.configuration.get('dbfilename') !== '') return [];
  return [
    {
      id: 'RESYNC_WOULD_FAIL',
      node: name,
      cause: 'dbfilename is empty: every full synchronization fails at the end.',
      evidence: ['CONFIG GET dbfilename returns an empty name'],
      byHand: 'Set dbfilename in redis.conf and restart Redis: it is a protected directive.',
      fix: {
        goal: { kind: 'converge' },
        does: `\`apply\` sets dbfilename in redis.conf and restarts the ${redis.role}.`,
        safe: redis.role === 'replica',
      },
    },
  ];
};
