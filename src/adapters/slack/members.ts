import { z } from 'zod';
import type { SlackUser, Workspace } from '../../domain/chat/member.ts';
import type { Members } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import { realClock } from '../../time/real-clock.ts';
import { keptAnswers } from './kept-answers.ts';
import { slackReads, understood, type SlackPlace } from './slack.ts';

const UNKNOWN = 'Slack did not say who is asking.';

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
  const ask = slackReads(place);
  const home = keptAnswers(clock, async (): Promise<Workspace> => {
    const { team_id: team, enterprise_id: enterprise } = understood(tested, await ask('auth.test', {}), UNKNOWN);
    return { team, enterprise: enterprise ?? '' };
  });
  const userOf = keptAnswers(clock, async (user): Promise<SlackUser> => {
    const { user: found } = understood(described, await ask('users.info', { user }), UNKNOWN);
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
