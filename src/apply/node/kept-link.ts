import type { Code } from '../../domain/code.ts';
import { RedisopsError } from '../../domain/error.ts';
import { readState, type ReplicationState } from './replication-state.ts';
import type { Step } from './step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** The step’s Redis for repeated looks: one connection, reopened when it breaks. */
export class KeptLink {
  readonly #step: Step;
  #link: RedisLink | null = null;

  constructor(step: Step) {
    this.#step = step;
  }

  /**
   * Null while Redis does not answer, perhaps loading. @throws lasting failures: REDIS_AUTH_FAILED,
   * COMMAND_UNAVAILABLE, SSH’s codes.
   */
  async state(): Promise<ReplicationState | null> {
    try {
      this.#link ??= await this.#step.session.redis(this.#step.desired.password);
      return await readState(this.#link);
    } catch (error) {
      this.close();
      if (error instanceof RedisopsError && PASSES.has(error.code)) return null;
      throw error;
    }
  }

  close(): void {
    this.#link?.close();
    this.#link = null;
  }
}

const PASSES: ReadonlySet<Code> = new Set<Code>([
  'REDIS_UNREACHABLE',
  'REDIS_TIMEOUT',
  'REDIS_LOADING',
  'REDIS_BUSY',
  'REDIS_MASTERDOWN',
  'REDIS_MAXCLIENTS',
  'REDIS_ERROR',
]);
