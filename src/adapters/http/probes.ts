import type { Metrics } from './metrics.ts';
import type { Route } from './server.ts';
import type { Log } from '../../ports/log.ts';
import { within } from '../../time/within.ts';

const CHECK_TIMEOUT_MS = 2000;

/**
 * `/healthz`: the process is alive. `/readyz`: its dependencies answer, each within 2 s; failing ones are named, the
 * reason is in the log. `/metrics`: Prometheus.
 */
export function probeRoutes(
  checks: Readonly<Record<string, () => Promise<void>>>,
  metrics: Metrics,
  log: Log,
): readonly Route[] {
  const results = (): Promise<readonly (readonly [string, boolean])[]> =>
    Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const failure = await within(CHECK_TIMEOUT_MS, check(), () => new Error('no answer in time')).then(
          () => null,
          (error: unknown) => ({ error }),
        );
        if (failure) log.debug({ check: name, ...failure }, 'not ready');
        return [name, failure === null] as const;
      }),
    );
  return [
    { method: 'GET', path: '/healthz', answer: async () => ({ status: 200, body: 'ok\n' }) },
    {
      method: 'GET',
      path: '/readyz',
      async answer() {
        const lines = await results();
        const ready = lines.every(([, ok]) => ok);
        const body = lines.map(([name, ok]) => `${name}: ${ok ? 'ok' : 'failed'}\n`).join('');
        return { status: ready ? 200 : 503, body: `${ready ? 'ready' : 'not ready'}\n${body}` };
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      async answer() {
        const { contentType, text } = await metrics.read();
        return { status: 200, body: text, contentType };
      },
    },
  ];
}
