import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { isSaidOnce, type KeptNote } from '../../domain/chat/note.ts';
import type { Outbox } from '../../ports/outbox.ts';
import { keptNote } from '../../records/note.ts';
import { answerOf } from '../queue/connection.ts';
import { END_DELIVERY, KEEP_NOTE, MARK_SAID, RENEW_DELIVERY, TAKE_DELIVERY } from './outbox-scripts.ts';
import { realClock } from '../../time/real-clock.ts';
import { evaluate, json, key, nonce, parsed, type ReadRecord } from './redis.ts';

/** Longer than anything is tried. What was said is remembered as long, so that it is not said again. */
const KEPT_SECONDS = 30 * 24 * 3600;

const NOTE = 'note:';
const taken = z.union([z.tuple([]), z.tuple([z.string(), z.string(), z.coerce.number()])]);

export function storedOutbox(redis: Redis, read: ReadRecord): Outbox {
  return {
    async keepNote({ run, cluster }, purpose, note, inMs = 0) {
      const text = JSON.stringify(note);
      const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
      const once = isSaidOnce(note) ? 'once' : '';
      const about = [run, cluster, purpose, `${digest}.${nonce()}`, digest, once];
      const parameters = [...about, text, KEPT_SECONDS, inMs];
      await evaluate(redis, KEEP_NOTE, [key.outbox, key.notes(run)], parameters);
    },
    async takeDelivery(leaseMs) {
      const token = nonce();
      const answer = await evaluate(redis, TAKE_DELIVERY, [key.outbox], [token, leaseMs, key.notes('')]);
      const [run, cluster, tries] = parsed(taken, answer, 'delivery');
      return run === undefined || cluster === undefined ? null : { run, cluster, token, tries: tries ?? 0 };
    },
    async notesOf(run) {
      const fields = await answerOf(redis.hgetall(key.notes(run)));
      const notes = Object.entries(fields).flatMap(([field, text]): readonly KeptNote[] => {
        if (!field.startsWith(NOTE)) return [];
        const purpose = field.slice(NOTE.length);
        const note = read(keptNote, json(text), `${field} of run ${run}`);
        return [note ?? unreadable(purpose, fields[`version:${purpose}`])];
      });
      return notes.toSorted((a, b) => a.order - b.order);
    },
    async markSaid({ run, token }, { purpose, version, digest }) {
      return (await evaluate(redis, MARK_SAID, [key.notes(run)], [token, purpose, version, digest])) === 1;
    },
    async renewDelivery({ run, token }, leaseMs) {
      return (await evaluate(redis, RENEW_DELIVERY, [key.outbox, key.notes(run)], [run, token, leaseMs])) === 1;
    },
    async endDelivery({ run, token }, retryInMs) {
      await evaluate(redis, END_DELIVERY, [key.outbox, key.notes(run)], [run, token, retryInMs ?? '']);
    },
    async isUnsaid(run, purpose): Promise<boolean> {
      return (await answerOf(redis.hexists(key.notes(run), `${NOTE}${purpose}`))) === 1;
    },
  };
}

function unreadable(purpose: string, version = ''): KeptNote {
  const keptAt = realClock.now().toISOString();
  return { purpose, order: Number.MAX_SAFE_INTEGER, version, keptAt, digest: '', note: { kind: 'unreadable' } };
}
