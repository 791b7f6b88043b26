import { RedisopsError } from '../error.ts';

/** What a chat refuses for good: the channel, the message to be changed, what it says, or all that redisops asks. */
export type Refused = 'channel' | 'message' | 'content' | 'access';

/** Repeating the request as it was has no use. */
export class ChatRefused extends RedisopsError {
  /** Null if unknown. */
  readonly refused: Refused | null;

  constructor(refused: Refused | null, message: string, hint: string) {
    super('SLACK_FAILED', message, { hint });
    this.refused = refused;
  }
}

/** What was refused for good; null for a failure that may pass. */
export function refusedBy(error: unknown): Refused | null {
  return error instanceof ChatRefused ? error.refused : null;
}
