/** To the thread. Values are packed. */
export type ToThread =
  | { kind: 'ask'; id: number; question: string; args: unknown }
  | { kind: 'file'; id: number; value: unknown }
  | { kind: 'no file'; id: number; error: unknown }
  | { kind: 'ping' };

/** From the thread. */
export type FromThread =
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failure'; id: number; error: unknown }
  | { kind: 'read' | 'list'; id: number; source: number; path: string }
  /** Sent once the thread has loaded, and for each ping. */
  | { kind: 'pong' };
