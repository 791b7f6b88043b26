import type { Rule } from './rule.ts';

const FAILURE =
  /Opening the temp file|Failed trying to rename|Unable to AUTH to MASTER|Error condition on socket for SYNC|Master does not support/;

/** A replica without a link whose log names the reason. */
export const failingSync: Rule = ({ name, host, redis }) => {
  if (redis.state !== 'up' || redis.role !== 'replica' || redis.master?.up === true) return [];
  const line = host.log.findLast((each) => FAILURE.test(each));
  if (line === undefined) return [];
  return [
    {
      id: 'REPLICA_LINK_DOWN',
      node: name,
      cause: 'The replica’s synchronisation fails. Its log has the reason.',
      evidence: [line],
      byHand:
        'Fix what the log line names: the replica retries by itself. A forced resynchronization would fail the same way.',
    },
  ];
};
