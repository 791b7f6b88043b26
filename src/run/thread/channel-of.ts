import { readPolicy } from '../../desired/questions.ts';
import type { RepositoryPorts } from '../repositories/repository.ts';
import type { Log } from '../../ports/log.ts';

export interface ChannelPorts extends Pick<RepositoryPorts, 'source'> {
  /** Channel for threads of clusters without one in their policy. */
  defaultChannel: string;
  log: Log;
}

/** The channel of a cluster, from the branch’s head; the bot’s channel if the head names none or cannot be read. */
export async function channelOf(cluster: string, { source, defaultChannel, log }: ChannelPorts): Promise<string> {
  try {
    return (await readPolicy(await source(null), cluster))?.channel ?? defaultChannel;
  } catch (error) {
    log.warn({ cluster, error }, 'the cluster’s channel cannot be read: the bot’s own is used');
    return defaultChannel;
  }
}
