import type { Rule } from './rule.ts';

export const masterPassword: Rule = ({ name, redis }, _node, { masterauth }) => {
  if (redis.state !== 'up' || redis.role !== 'replica' || !masterauth || masterauth.equals(redis.masterauth)) return [];
  return [
    {
      id: 'REDIS_AUTH_FAILED',
      node: name,
      cause: redis.masterauth
        ? 'The replica’s masterauth differs from the password in Git.'
        : 'The replica has no masterauth, and its master needs a password.',
      evidence: [
        `masterauth is ${redis.masterauth ? 'not the one in Git' : 'not set'}`,
        `the link is ${redis.master?.up ? 'up, until it breaks' : 'down'}`,
      ],
      byHand: 'Set masterauth on the replica to the master’s password.',
      fix: { goal: { kind: 'converge' }, does: '`apply` sets masterauth, live and in redis.conf.', safe: true },
    },
  ];
};
