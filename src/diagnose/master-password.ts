import type { Rule } from './rule.ts';

export const masterPassword: Rule = ({ name, redis }, _node, { masterauth }) => {
  if (redis.state !== 'up' || redis.role !== 'replica' || !masterauth || masterauth.equals(redis.masterauth)) return [];
  return [
    {
      id: 'REDIS_AUTH_FAILED',
      node: name,
      cause: redis.masterauth
        ? 'The replica gives its master another password than Git has.'
        : 'The replica has no password for its master.',
      evidence: [
        `masterauth is ${redis.masterauth ? 'not the one of Git' : 'not set'}`,
        `the link is ${redis.master?.up ? 'up, until it breaks' : 'down'}`,
      ],
      remedy: '`apply` sets masterauth, live and in the file.',
      safe: true,
    },
  ];
};
