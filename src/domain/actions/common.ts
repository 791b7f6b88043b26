import type { OpeningCode } from '../code.ts';

/** What every action has. */
export interface Common {
  node: string;
  /** One line, shown to people. */
  summary: string;
  /**
   * Whether it needs an approval: users notice it (a restart, a full resync, lost keys or clients), it opens something,
   * or it is not known to be harmless.
   */
  disruptive: boolean;
  /** Whom it lets in, or what it lets them do; absent if nothing. Always needs an approval. */
  opens?: readonly Opening[];
  /** Why the change is needed, and what it disrupts. */
  reason: string;
}

/** More people get in, or may do more. */
export interface Opening {
  code: OpeningCode;
  /** Without secrets and without figures that change: it is approved. */
  message: string;
}
