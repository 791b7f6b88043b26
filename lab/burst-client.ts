import { readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** What GitHub would send, one after the other, and over how many connections at once. */
const task = z.object({
  url: z.string(),
  connections: z.number(),
  deliveries: z.array(z.object({ guid: z.string(), event: z.string(), body: z.string(), signature: z.string() })),
  /** By index of `deliveries`. */
  order: z.array(z.number()),
});

/** One a request, in the order of the answers. Status 0: nobody answered. */
const answers = z.array(z.object({ delivery: z.number(), status: z.number(), ms: z.number(), body: z.string() }));

export type BurstTask = z.output<typeof task>;
export type BurstAnswers = z.output<typeof answers>;

export const readAnswers = (text: string): BurstAnswers => answers.parse(JSON.parse(text));

/** GitHub waits no longer, and tries no second time. */
const PATIENCE_MS = 10_000;
/** Where nobody listens, the next request is refused just as quickly: so the whole burst would be over at once. */
const AFTER_NOBODY_MS = 250;

/** A process of its own: what it measures is the bot, not whatever else its parent is busy with. */
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
