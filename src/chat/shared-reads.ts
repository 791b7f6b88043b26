import type { Report } from '../domain/report.ts';

/** Reads of clusters, for all who ask at the same time. */
export interface SharedReads {
  /** Joins the read of that name that is under way, or begins it in its turn. */
  share(name: string, read: () => Promise<Report>): Promise<Report>;
}

/** @param most How many run at a time; the others wait. */
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
      // The turn goes on to the next, who was counted with this one.
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
