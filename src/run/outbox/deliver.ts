import { refusedBy } from '../../domain/chat/chat-refused.ts';
import { isForGitHub, type Delivery, type KeptNote, type SupersededNote } from '../../domain/chat/note.ts';
import { atMost } from '../../time/within.ts';
import { sayInChat, tellSuperseded, type ChatPorts } from './say-in-chat.ts';
import { sayOnGitHub, type GitHubPorts } from './say-on-github.ts';

export type DeliveryPorts = ChatPorts & GitHubPorts;

/** Milliseconds. After that, nobody needs to hear it. */
const TOO_OLD_MS = 3 * 24 * 3600_000;

/** Milliseconds that GitHub waits for the thread. */
const THREAD_MS = 5000;

/** What is said in one go. */
interface Saying {
  notes: readonly KeptNote[];
  say: () => Promise<void>;
}

/**
 * Says what the run has to say: in its thread in order, up to the first failure; beside it, on GitHub. Returns whether all
 * of it was said, as far as it was kept when this began.
 * @param stop Ends it between two notes.
 * @throws QUEUE_FAILED
 */
export async function deliver(delivery: Delivery, ports: DeliveryPorts, stop: AbortSignal): Promise<boolean> {
  const notes = await ports.store.notesOf(delivery.run);
  const sayings = inThread(delivery, notes, ports);
  const opening = sayAll(sayings.slice(0, 1), delivery, ports, stop);
  const thread = opening.then((end) => (end === 'said' ? sayAll(sayings.slice(1), delivery, ports, stop) : end));
  // What GitHub shows leads to the thread, if there is one soon.
  await atMost(THREAD_MS, opening);
  const gitHub = sayAll(onGitHub(delivery, notes, ports), delivery, ports, stop);
  return (await Promise.all([thread, gitHub])).every((end) => end !== 'failed');
}

function inThread(delivery: Delivery, notes: readonly KeptNote[], ports: DeliveryPorts): readonly Saying[] {
  const superseded = notes.flatMap(({ note }): readonly SupersededNote[] => (note.kind === 'superseded' ? [note] : []));
  const each = (kept: KeptNote): Saying => ({ notes: [kept], say: () => sayInChat(delivery, kept.note, ports) });
  if (superseded.length > 0)
    return [
      {
        notes: notes.filter(({ note }) => note.kind === 'superseded'),
        say: () => tellSuperseded(delivery.cluster, superseded, ports),
      },
      ...notes.filter(({ note }) => note.kind === 'unreadable').map(each),
    ];
  const place = ({ purpose, note }: KeptNote): number => (note.kind === 'unreadable' ? 2 : purpose === 'root' ? 0 : 1);
  return notes
    .filter(({ note }) => !isForGitHub(note))
    .toSorted((a, b) => place(a) - place(b) || a.order - b.order)
    .map(each);
}

function onGitHub(delivery: Delivery, notes: readonly KeptNote[], ports: DeliveryPorts): readonly Saying[] {
  return notes
    .filter(({ note }) => isForGitHub(note))
    .map((kept) => ({ notes: [kept], say: () => sayOnGitHub(delivery, kept.note, ports) }));
}

/** `failed`: what is left is tried again. `lost`: another process has the run, and says the rest. */
type End = 'said' | 'failed' | 'lost';

async function sayAll(
  sayings: readonly Saying[],
  delivery: Delivery,
  ports: DeliveryPorts,
  stop: AbortSignal,
): Promise<End> {
  for (const { notes, say } of sayings) {
    if (stop.aborted) return 'failed';
    try {
      await say();
    } catch (error) {
      if (mayPass(error, notes, delivery, ports)) return 'failed';
    }
    for (const kept of notes) if (!(await ports.store.markSaid(delivery, kept))) return 'lost';
  }
  return 'said';
}

function mayPass(error: unknown, notes: readonly KeptNote[], { run, tries }: Delivery, { clock, log }: DeliveryPorts) {
  const fields = { run, purpose: notes[0]?.purpose, tries, error };
  const isOld = notes.every(({ keptAt }) => clock.now().getTime() - Date.parse(keptAt) > TOO_OLD_MS);
  const passes = refusedBy(error) !== 'content' && !isOld;
  if (passes) log.warn(fields, 'could not say what a run has to say; it is tried again');
  else log.error(fields, 'what a run had to say is given up');
  return passes;
}
