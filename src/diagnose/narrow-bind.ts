import { sameAddress } from '../domain/replication/address.ts';
import type { Rule } from './rule.ts';

const EVERYWHERE = ['*', '0.0.0.0', '::', '::*'];

/** A master that does not listen where its replicas look for it. */
export const narrowBind: Rule = ({ name, redis, address }, _node, { replication }) => {
  const bind = redis.state === 'up' && redis.role === 'master' ? redis.configuration.get('bind') : undefined;
  if (bind === undefined || bind === '' || !replication) return [];
  const listens = bind.split(/\s+/).map((each) => each.replace(/^-/, ''));
  if (listens.some((each) => EVERYWHERE.includes(each) || sameAddress(each, address))) return [];
  return [
    {
      id: 'BIND_TOO_NARROW',
      node: name,
      cause: `Redis on ${name} does not listen on ${address}, where the other nodes look for it.`,
      evidence: [`bind is ${bind} in the running process`],
      byHand: `Add ${address} to \`bind\` in Git.`,
      fix: {
        goal: { kind: 'converge' },
        does: '`apply` sets bind while Redis runs.',
        safe: false,
      },
    },
  ];
};
