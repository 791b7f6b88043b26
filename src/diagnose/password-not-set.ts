import type { Rule } from './rule.ts';

/** A Redis without a password accepts any, or none: nothing else shows it. */
export const passwordNotSet: Rule = ({ name, redis }, _node, { password }) => {
  if (redis.state !== 'up' || !password || redis.requiresPassword) return [];
  return [
    {
      id: 'PASSWORD_NOT_SET',
      node: name,
      severity: 'warning',
      cause:
        'The running Redis asks for no password, although Git has one: whoever reaches its port may read and write.',
      evidence: ['AUTH was answered with “called without any password configured”'],
      byHand: 'Set requirepass on the running Redis to the password in Git.',
      fix: {
        goal: { kind: 'converge' },
        does: '`apply` sets requirepass while Redis runs. Clients that send no password are refused then.',
        safe: false,
      },
    },
  ];
};
