import type { Code } from './code.ts';

/** What a network that comes back, or a host that boots, ends by itself. */
export const PASSING: ReadonlySet<Code> = new Set<Code>([
  'SSH_UNREACHABLE',
  'SSH_TIMEOUT',
  'COMMAND_TIMEOUT',
  'REDIS_TIMEOUT',
  'REDIS_CONNECTION_LOST',
]);
