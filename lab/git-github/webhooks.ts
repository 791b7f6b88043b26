import { createHmac, randomUUID } from 'node:crypto';
import { webhookMistakes } from './openapi.ts';
import type { Shape } from './json.ts';
import { payloadOf, type News } from './payloads.ts';
import type { World } from './world.ts';

/** One delivery, as it goes out or was held back. */
export interface Delivery {
  /** The same when it is delivered again. */
  guid: string;
  event: string;
  payload: Shape;
}

export interface Webhooks {
  tell(news: News): void;
  /** All that ever happened, delivered or not. */
  deliveries: readonly Delivery[];
  /** From now on: whether what happens is delivered by itself. */
  hold(held: boolean): void;
  /** Brings a delivery, once more perhaps; answers the status, or null where nobody answered. */
  deliver(delivery: Delivery): Promise<number | null>;
  /** All that is on its way has come. */
  settled(): Promise<void>;
  /** Payloads that are not as GitHub describes them. */
  mistakes: readonly string[];
}

export interface WebhookSettings {
  url: string | null;
  secret: string;
  events: readonly string[];
}

export function webhooks(world: World, settings: WebhookSettings): Webhooks {
  const deliveries: Delivery[] = [];
  const mistakes: string[] = [];
  const underWay = new Set<Promise<unknown>>();
  let held = false;

  const deliver = async ({ guid, event, payload }: Delivery): Promise<number | null> => {
    if (settings.url === null) return null;
    const body = JSON.stringify(payload);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/stand-in',
      'x-github-event': event,
      'x-github-delivery': guid,
      'x-github-hook-id': '1',
      'x-hub-signature-256': `sha256=${createHmac('sha256', settings.secret).update(body).digest('hex')}`,
    };
    // GitHub waits for 10 s, and does not try again.
    const answer = await fetch(settings.url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(10_000),
    }).catch(() => null);
    await answer?.text();
    return answer?.status ?? null;
  };

  return {
    deliveries,
    mistakes,
    deliver,
    hold: (hold) => void (held = hold),
    tell(news) {
      const { event } = news;
      const payload = payloadOf(world, news);
      const action = event === 'push' ? [] : [news.action];
      const name = [event, ...action].join('-').replaceAll('_', '-');
      mistakes.push(...webhookMistakes(name, payload));
      const delivery = { guid: randomUUID(), event, payload };
      deliveries.push(delivery);
      if (held || !settings.events.includes(event)) return;
      const going = deliver(delivery).finally(() => underWay.delete(going));
      underWay.add(going);
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
