import { z } from 'zod';
import type { SlackUser, Workspace } from '../../domain/chat/member.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { Members } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import { realClock } from '../../time/real-clock.ts';
import { AskAgain } from './lanes.ts';
import { slackCalls, type SlackPlace } from './slack.ts';

/** Long enough for a conversation; a guest or a leaver loses access within this time. */
const KEPT_MS = 60_000;
const MOST_KEPT = 1000;

const id = z.string().nullish();
const tested = z.object({ team_id: z.string(), enterprise_id: id });
const flag = z.boolean().default(false);
/** docs.slack.dev/reference/objects/user-object */
const described = z.object({
  user: z.object({
    team_id: id,
    enterprise_user: z.object({ enterprise_id: id }).nullish(),
    deleted: flag,
    is_bot: flag,
    is_workflow_bot: flag,
    is_restricted: flag,
    is_ultra_restricted: flag,
    is_stranger: flag,
  }),
});

/** Who people are, as Slack says. Answers are kept briefly; failures are not. All methods fail with SLACK_FAILED. */
export function slackMembers(place: SlackPlace & { clock?: Pick<Clock, 'elapsed'> }): Members {
  const { clock = realClock } = place;
  const call = slackCalls(place);
  const ask = async (method: string, parameters: Record<string, unknown>): Promise<unknown> => {
    try {
      return await call(method, parameters);
    } catch (error) {
      throw error instanceof AskAgain ? error.failure : error;
    }
  };
  const home = kept(clock, async (): Promise<Workspace> => {
    const { team_id: team, enterprise_id: enterprise } = understood(tested, await ask('auth.test', {}));
    return { team, enterprise: enterprise ?? '' };
  });
  const userOf = kept(clock, async (user): Promise<SlackUser> => {
    const { user: found } = understood(described, await ask('users.info', { user }));
    return {
      team: found.team_id ?? '',
      enterprise: found.enterprise_user?.enterprise_id ?? '',
      isGuest: found.is_restricted || found.is_ultra_restricted,
      isStranger: found.is_stranger,
      isBot: found.is_bot || found.is_workflow_bot || user === 'USLACKBOT',
      isDeactivated: found.deleted,
    };
  });
  return { home: () => home(''), userOf };
}

function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const { success, data } = schema.safeParse(answer);
  if (success) return data;
  throw new RedisopsError('SLACK_FAILED', 'Slack did not say who is asking.', {
    hint: 'Does SLACK_API_URL lead to Slack?',
  });
}

function kept<T>(clock: Pick<Clock, 'elapsed'>, ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, { at: number; answer: Promise<T> }>();
  return (key) => {
    const last = known.get(key);
    if (last && clock.elapsed() - last.at < KEPT_MS) return last.answer;
    known.delete(key);
    const answer = ask(key);
    known.set(key, { at: clock.elapsed(), answer });
    answer.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
    return answer;
  };
}
