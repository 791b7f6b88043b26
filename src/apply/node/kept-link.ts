import { RedisopsError } from '../../domain/error.ts';
import { readState, type ReplicationState } from './replication-state.ts';
import type { Step } from './step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** The step’s Redis for many looks: one connection, opened again when it breaks. */
export class KeptLink {
  readonly #step: Step;
  #link: RedisLink | null = null;

  constructor(step: Step) {
    this.#step = step;
  }

  /** Null while Redis does not answer: it may load. @throws REDIS_AUTH_FAILED and SSH’s codes, which do not pass. */
  async state(): Promise<ReplicationState | null> {
    try {
      this.#link ??= await this.#step.session.redis(this.#step.desired.password);
      return await readState(this.#link);
    } catch (error) {
      this.close();
      if (error instanceof RedisopsError && passes(error)) return null;
      throw error;
    }
  }

  close(): void {
    this.#link?.close();
    this.#link = null;
  }
}

function passes({ code }: RedisopsError): boolean {
  return code === 'REDIS_UNREACHABLE' || code === 'REDIS_TIMEOUT' || code === 'REDIS_ERROR';
}
