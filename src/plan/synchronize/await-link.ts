import type { Action } from '../../domain/action.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';

export function awaitLink(node: string, master: Endpoint): Action {
  return {
    kind: 'await-link',
    node,
    summary: `Wait until it is in sync with ${master.host}:${master.port}`,
    disruptive: false,
    reason: 'The next step needs it.',
    master,
  };
}
