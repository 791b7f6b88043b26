import type { Clock } from '../../ports/clock.ts';

/** Long enough for a conversation; who left a group or the workspace loses access within this time. */
const KEPT_MS = 60_000;
const MOST_KEPT = 1000;

/** Keeps answers briefly, by what was asked; failures are not kept. */
export function keptAnswers<T>(
  clock: Pick<Clock, 'elapsed'>,
  ask: (about: string) => Promise<T>,
): (about: string) => Promise<T> {
  const known = new Map<string, { at: number; answer: Promise<T> }>();
  return (about) => {
    const last = known.get(about);
    if (last && clock.elapsed() - last.at < KEPT_MS) return last.answer;
    known.delete(about);
    const answer = ask(about);
    known.set(about, { at: clock.elapsed(), answer });
    answer.catch(() => known.delete(about));
    const [oldest] = known.keys();
    if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
    return answer;
  };
}
