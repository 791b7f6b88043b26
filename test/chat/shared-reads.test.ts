import { describe, expect, it } from 'vitest';
import { sharedReads } from '../../src/chat/shared-reads.ts';
import type { Report } from '../../src/domain/report.ts';

const report = (title: string): Report => ({ title, tone: 'good', summary: '', sections: [] });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Reads that end on demand. */
function reads() {
  const begun: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const read = (name: string) => (): Promise<Report> => {
    begun.push(name);
    return new Promise((resolve, reject) => {
      ends.set(name, (failure) => (failure ? reject(failure) : resolve(report(name))));
    });
  };
  return { begun, read, end: (name: string, failure?: Error) => ends.get(name)?.(failure) };
}

describe('sharedReads', () => {
  it('reads once for concurrent requests, and again for later ones', async () => {
    const { begun, read, end } = reads();
    const shared = sharedReads(2);
    const asked = [1, 2, 3].map(() => shared.share('status', read('status')));
    end('status');
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 3 }, () => report('status')));
    expect(begun).toEqual(['status']);
    void shared.share('status', read('status'));
    expect(begun).toEqual(['status', 'status']);
  });

  it('limits concurrent reads, and runs the others in order', async () => {
    const { begun, read, end } = reads();
    const shared = sharedReads(2);
    const asked = ['a', 'b', 'c', 'd'].map((name) => shared.share(name, read(name)).catch(() => null));
    expect(begun).toEqual(['a', 'b']);
    end('b', new Error('it failed'));
    await turn();
    expect(begun).toEqual(['a', 'b', 'c']);
    end('a');
    await turn();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    end('c');
    end('d');
    expect((await Promise.all(asked)).map((each) => each?.title)).toEqual(['a', undefined, 'c', 'd']);
    void shared.share('e', read('e'));
    void shared.share('f', read('f'));
    void shared.share('g', read('g'));
    expect(begun.slice(4)).toEqual(['e', 'f']);
  });

  it('fails for everyone waiting, and is repeated for the next', async () => {
    const { begun, read, end } = reads();
    const shared = sharedReads(1);
    const asked = [1, 2].map(() => shared.share('plan', read('plan')));
    end('plan', new Error('it failed'));
    for (const outcome of await Promise.allSettled(asked)) expect(outcome.status).toBe('rejected');
    void shared.share('plan', read('plan'));
    expect(begun).toHaveLength(2);
  });
});
