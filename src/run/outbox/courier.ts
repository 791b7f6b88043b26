import type { Delivery } from '../../domain/chat/note.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Outbox } from '../../ports/outbox.ts';
import { atMost } from '../../time/within.ts';
import { deliver, type DeliveryPorts } from './deliver.ts';

/** Milliseconds. A process that dies delays what it was saying by no more than the lease. */
const LEASE_MS = 10_000;
const RENEW_MS = 3000;
/** Notes kept by other processes are found this late. */
const LOOK_EVERY_MS = 1000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** While Slack is slow each waits in its channel’s lane. */
const MOST_AT_ONCE = 300;

export interface CourierPorts {
  store: Outbox;
  log: Log;
  clock: Clock;
  /** Of the repository that has the cluster. */
  portsAt(cluster: string): Promise<DeliveryPorts>;
}

/** Says what runs have to say, whichever process kept it. */
export interface Courier {
  /** A note was kept. */
  hint(): void;
  start(): void;
  /** What is not said by then stays in the outbox. */
  close(graceMs: number): Promise<void>;
}

export function courier(ports: CourierPorts): Courier {
  const { store, log, clock } = ports;
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  let rest = new AbortController();

  const take = async (): Promise<Delivery | null> => {
    if (underWay.size >= MOST_AT_ONCE) return null;
    return store.takeDelivery(LEASE_MS).catch((error: unknown) => {
      log.debug({ error }, 'could not look into the outbox');
      return null;
    });
  };
  const work = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      rest = new AbortController();
      const delivery = await take();
      if (!delivery) {
        await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([rest.signal, closing.signal]));
        continue;
      }
      const done = carryOut(delivery, ports, closing.signal).finally(() => underWay.delete(done));
      underWay.add(done);
    }
  };
  return {
    hint: () => rest.abort(),
    start: () => void work(),
    async close(graceMs) {
      closing.abort();
      await atMost(graceMs, Promise.all(underWay));
    },
  };
}

/** Never throws: the lease ends by itself. */
async function carryOut(delivery: Delivery, ports: CourierPorts, closing: AbortSignal): Promise<void> {
  const { store, log } = ports;
  const ended = new AbortController();
  const lost = new AbortController();
  void renew(delivery, ports, { ended: ended.signal, lost: () => lost.abort() });
  const stop = AbortSignal.any([closing, lost.signal]);
  try {
    const all = await deliver(delivery, await ports.portsAt(delivery.cluster), stop);
    await store.endDelivery(delivery, all || closing.aborted ? null : retryAfter(delivery.tries));
  } catch (error) {
    log.warn({ run: delivery.run, error }, 'what the run has to say stays in the outbox');
    await store.endDelivery(delivery, retryAfter(delivery.tries)).catch(() => undefined);
  } finally {
    ended.abort();
  }
}

/** @param lost Called when another process has the run. */
async function renew(
  delivery: Delivery,
  { store, clock, log }: CourierPorts,
  { ended, lost }: { ended: AbortSignal; lost: () => void },
): Promise<void> {
  for (;;) {
    await clock.sleep(RENEW_MS, ended);
    if (ended.aborted) return;
    const isOurs = await store.renewDelivery(delivery, LEASE_MS).catch((error: unknown) => {
      log.debug({ run: delivery.run, error }, 'could not renew the lease of a delivery');
      return true;
    });
    if (!isOurs) return lost();
  }
}

export function retryAfter(tries: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 10), LAST_RETRY_MS);
}
