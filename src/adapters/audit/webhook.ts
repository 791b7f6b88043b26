import { lineOf } from '../../domain/audit/chain.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Sink } from './delivery.ts';

const TIMEOUT_MS = 5000;

/** POSTs the entries as JSON lines; any 2xx means that they were kept. */
export function webhookSink(url: Secret, fetch: typeof globalThis.fetch): Sink {
  return {
    name: 'webhook',
    async deliver(entries) {
      const answer = await fetch(url.reveal(), {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/x-ndjson' },
        body: entries.map((entry) => `${lineOf(entry)}\n`).join(''),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`HTTP status ${answer.status}`);
    },
  };
}
