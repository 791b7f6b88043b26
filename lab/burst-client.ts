import { readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** Deliveries to send in order, and the number of parallel connections. */
const task = z.object({
  url: z.string(),
  connections: z.number(),
  deliveries: z.array(z.object({ guid: z.string(), event: z.string(), body: z.string(), signature: z.string() })),
  /** Indexes into `deliveries`. */
  order: z.array(z.number()),
});

/** One per request, in order of arrival. Status 0: no answer. */
const answers = z.array(z.object({ delivery: z.number(), status: z.number(), ms: z.number(), body: z.string() }));

export type BurstTask = z.output<typeof task>;
export type BurstAnswers = z.output<typeof answers>;

export const readAnswers = (text: string): BurstAnswers => answers.parse(JSON.parse(text));

/** GitHub waits no longer, and does not retry. */
const PATIENCE_MS = 10_000;
/** While nobody listens, requests fail at once: without a pause the whole burst would be over. */
const AFTER_NOBODY_MS = 250;

/** A separate process: it measures the bot, not its parent’s other work. */
async function main(taskFile: string, answersFile: string): Promise<void> {
  const { url, connections, deliveries, order } = task.parse(JSON.parse(await readFile(taskFile, 'utf8')));
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answered: BurstAnswers = [];
  const left = order.values();

  const send = (index: number): Promise<BurstAnswers[number]> => {
    const { guid, event, body, signature } = deliveries[index] ?? {};
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body ?? ''),
      'user-agent': 'GitHub-Hookshot/stand-in',
      'x-github-event': event,
      'x-github-delivery': guid,
      'x-hub-signature-256': signature,
    };
    const began = performance.now();
    return new Promise((resolve) => {
      const end = (status: number, text: string): void =>
        resolve({ delivery: index, status, ms: performance.now() - began, body: text });
      const going = request(url, { method: 'POST', agent, headers, timeout: PATIENCE_MS }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => end(response.statusCode ?? 0, text));
        response.on('error', () => end(0, ''));
      });
      going.on('timeout', () => going.destroy());
      going.on('error', () => end(0, ''));
      going.end(body);
    });
  };
  const sender = async (): Promise<void> => {
    for (const index of left) {
      const answer = await send(index);
      answered.push(answer);
      if (answered.length === Math.floor(order.length / 2)) console.log('half');
      if (answer.status === 0) await pause(AFTER_NOBODY_MS);
    }
  };
  await Promise.all(Array.from({ length: connections }, sender));
  agent.destroy();
  await writeFile(answersFile, JSON.stringify(answered));
}

if (process.argv[1] === import.meta.filename) await main(process.argv[2] ?? '', process.argv[3] ?? '');
