import { z } from 'zod';
import { SlackRefused } from './failure.ts';
import { slackReads, type SlackPlace } from './slack.ts';
import type { Log } from '../../ports/log.ts';

const channelInfo = z.object({ channel: z.object({ is_archived: z.boolean().default(false) }) });
/** Apps that were installed before the manifest had this permission: nothing is known of the channel then. */
const NOT_TOLD = ['missing_scope', 'unknown_method', 'method_not_supported_for_channel_type'];

const nothing = (): void => undefined;
const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Asks Slack whether it takes the bot’s token and shows it the channel. Each call fails with SLACK_FAILED where not. */
export function slackCheck(place: Omit<SlackPlace, 'log'>, channel: string): () => Promise<void> {
  // What fails is thrown; the SDK would log each try beside it.
  const call = slackReads({ ...place, log: SILENT });
  const ask = async (method: string, parameters: Record<string, unknown>): Promise<unknown> => {
    try {
      return await call(method, parameters);
    } catch (error) {
      if (error instanceof SlackRefused && NOT_TOLD.includes(error.reason)) return null;
      throw error;
    }
  };
  return async () => {
    await ask('auth.test', {});
    const answer = channelInfo.safeParse(await ask('conversations.info', { channel }));
    if (answer.success && answer.data.channel.is_archived) throw new SlackRefused('conversations.info', 'is_archived');
  };
}
