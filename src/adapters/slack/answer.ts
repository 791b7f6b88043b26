import type { Report } from '../../domain/report.ts';
import type { Egress } from '../http/egress.ts';
import type { Dress, SlackText } from './slack.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Log } from '../../ports/log.ts';

/** Slack accepts five answers per request. */
const MOST_ANSWERS = 5;
const TIMEOUT_MS = 10_000;

export interface Asker {
  user: string;
  channel: string;
  responseUrl: string | null;
}

export interface AnswerPorts {
  dress: Dress;
  whisper: Chat['whisper'];
  /** For access through a proxy. */
  egress?: Egress | undefined;
  log: Log;
}

/**
 * Answers the requester only. Uses the request’s own URL, which works even where the app is not a member; falls back to
 * an ephemeral message.
 */
export async function answerAsker(asker: Asker, report: Report, ports: AnswerPorts): Promise<void> {
  const messages = ports.dress(report, []);
  const { responseUrl } = asker;
  if (responseUrl !== null && messages.length <= MOST_ANSWERS) {
    try {
      for (const message of messages) await respond(responseUrl, message, ports.egress?.fetch ?? fetch);
      return;
    } catch (error) {
      ports.log.warn({ error }, 'could not answer by the request’s URL');
    }
  }
  await ports.whisper(asker.channel, asker.user, report);
}

async function respond(url: string, { text, blocks }: SlackText, request: typeof globalThis.fetch): Promise<void> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
}
