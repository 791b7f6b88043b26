import { readPolicy } from '../../desired/questions.ts';
import type { ThreadPorts } from './thread.ts';

/** Where people are told of a cluster, as the branch’s head says now; the bot’s channel where that names none, or cannot be read. */
export async function channelOf(
  cluster: string,
  { source, defaultChannel, log }: Pick<ThreadPorts, 'source' | 'defaultChannel' | 'log'>,
): Promise<string> {
  try {
    return (await readPolicy(await source(null), cluster))?.channel ?? defaultChannel;
  } catch (error) {
    log.warn({ cluster, error }, 'the cluster’s channel cannot be read: the bot’s own is used');
    return defaultChannel;
  }
}
