import type { DesiredCluster } from '../desired.ts';
import { spelled } from '../entry/entry.ts';
import type { EntryAnswer } from '../entry/facts.ts';
import { answeredBy, entryOf, masterOf } from './entry-overview.ts';
import type { NodeFacts } from '../facts.ts';
import { listed } from '../text/listed.ts';
import type { Fault } from '../verdict.ts';

const HINT = 'Check the load balancer: what its health check asks, and which servers it counts as up.';

/** What clients meet at the entry: nobody, or a node that is not the master. */
export function entryFaults({ entry }: DesiredCluster, observed: readonly NodeFacts[]): readonly Fault[] {
  if (!entry) return [];
  const master = masterOf(observed);
  const answers = observed.flatMap((facts) => entryOf(facts)?.answers ?? []);
  const works = answers.some((answer) => master !== null && answeredBy(answer, observed) === master);
  return entry.addresses.flatMap((at): readonly Fault[] => {
    const address = spelled(at);
    const here = answers.filter((answer) => spelled(answer.at) === address);
    const verdict = works ? 'degraded' : 'down';
    const fault = { verdict, node: null, hint: HINT } as const;
    const silence = silenceOf(address, here);
    // Without a master no entry can lead to one: that has its own reason.
    const wrong = master === null ? [] : wrongNodes(here, master, observed);
    return [
      ...(silence ? [{ ...fault, code: 'ENTRY_UNREACHABLE', message: silence } as const] : []),
      ...(wrong.length > 0
        ? [{ ...fault, code: 'ENTRY_WRONG_NODE', message: wrongMessage(address, wrong, master) } as const]
        : []),
    ];
  });
}

function silenceOf(address: string, answers: readonly EntryAnswer[]): string | null {
  const silent = answers.flatMap((answer) => (answer.answers ? [] : [answer]));
  const [first] = silent;
  if (!first) return null;
  return `The entry ${address}, tried from ${listed(silent.map(({ via }) => via))}, ${first.reason}.`;
}

function wrongNodes(
  answers: readonly EntryAnswer[],
  master: string,
  observed: readonly NodeFacts[],
): readonly string[] {
  const names = answers.flatMap((answer) => {
    if (!answer.answers) return [];
    const node = answeredBy(answer, observed);
    return node === master ? [] : [node ?? 'a Redis outside the cluster'];
  });
  return [...new Set(names)];
}

function wrongMessage(address: string, wrong: readonly string[], master: string | null): string {
  return `The entry ${address} leads to ${listed(wrong)}, although ${master} is the master: writes fail there.`;
}
