import type { Code } from '../code.ts';

/** Failures that end by themselves once the network is back or the host has booted. */
export const PASSING: ReadonlySet<Code> = new Set<Code>([
  'SSH_UNREACHABLE',
  'SSH_TIMEOUT',
  'COMMAND_TIMEOUT',
  'REDIS_TIMEOUT',
  'REDIS_CONNECTION_LOST',
]);
