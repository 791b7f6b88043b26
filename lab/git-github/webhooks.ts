import { createHmac, randomUUID } from 'node:crypto';
import { webhookMistakes } from './openapi.ts';
import type { Shape } from './json.ts';
import { payloadOf, type News } from './payloads.ts';
import type { World } from './world.ts';

/** One delivery, sent or held back. */
export interface Delivery {
  /** The same for a redelivery. */
  guid: string;
  event: string;
  payload: Shape;
}

export interface Webhooks {
  tell(news: News): void;
  /** All events so far, delivered or not. */
  deliveries: readonly Delivery[];
  /** Holds back deliveries from now on, or stops doing so. */
  hold(held: boolean): void;
  /** Sends a delivery, perhaps again; returns the status, or null without an answer. */
  deliver(delivery: Delivery): Promise<number | null>;
  /** Resolves once nothing is being delivered. */
  settled(): Promise<void>;
  /** Payloads that differ from GitHub’s description. */
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
    // GitHub waits 10 s, and does not retry.
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
