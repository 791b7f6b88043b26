import type { SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../../ports/log.ts';

type Client = SocketModeReceiver['client'];

const FRAME = 'ws_message';

const withPayload = z.object({ envelope_id: z.string(), payload: z.looseObject({}) });
const frame = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('hello') }),
  z.looseObject({ type: z.literal('disconnect') }),
  withPayload.extend({ type: z.literal(['slash_commands', 'interactive']) }),
  withPayload.extend({
    type: z.literal('events_api'),
    payload: z.looseObject({ event: z.looseObject({ type: z.string().regex(/^[a-z][a-z_.]{0,99}$/) }) }),
  }),
]);

/**
 * Lets only frames of Socket Mode’s own kinds through to the SDK, which ends the process at `null`, and emits what Slack
 * names as an event of its own, `error` among them. https://docs.slack.dev/apis/events-api/using-socket-mode
 * @param refused Called for each other frame.
 */
export function guardFrames(client: Client, log: Log, refused: () => void = () => undefined): void {
  const readers = client.listeners(FRAME);
  client.removeAllListeners(FRAME);
  client.on(FRAME, (data: unknown, isBinary: unknown) => {
    if (isFrame(data, isBinary, client)) {
      for (const read of readers) read.call(client, data, isBinary);
      return;
    }
    refused();
    log.warn({}, 'Slack sent a frame that is none of Socket Mode’s; it is left out');
  });
}

function isFrame(data: unknown, isBinary: unknown, client: Client): boolean {
  if (isBinary === true) return false;
  const parsed = frame.safeParse(json(data));
  if (!parsed.success) return false;
  if (parsed.data.type !== 'events_api') return true;
  const { type } = parsed.data.payload.event;
  return type !== 'error' && client.listenerCount(type) === 0;
}

function json(data: unknown): unknown {
  try {
    return JSON.parse(typeof data === 'string' ? data : String(data));
  } catch {
    return undefined;
  }
}
