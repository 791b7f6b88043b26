import { readPolicy } from '../../desired/questions.ts';
import type { ThreadPorts } from './thread.ts';

/** The channel of a cluster, from the branch’s head; the bot’s channel if the head names none or cannot be read. */
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
