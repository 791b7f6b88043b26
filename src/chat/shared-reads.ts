import type { Report } from '../domain/report.ts';

/** Shares reads of clusters among concurrent requests. */
export interface SharedReads {
  /** Joins the running read of that name, or queues a new one. */
  share(name: string, read: () => Promise<Report>): Promise<Report>;
}

/** @param most Maximum number of concurrent reads; others wait. */
export function sharedReads(most: number): SharedReads {
  const underWay = new Map<string, Promise<Report>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  const inTurn = async (read: () => Promise<Report>): Promise<Report> => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await read();
    } finally {
      // The slot passes to the next one.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };

  return {
    share(name, read) {
      const known = underWay.get(name);
      if (known) return known;
      const begun = inTurn(read).finally(() => underWay.delete(name));
      underWay.set(name, begun);
      return begun;
    },
  };
}
