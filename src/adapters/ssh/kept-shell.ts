import type { ClientChannel } from 'ssh2';

/** Milliseconds. Scripts come in bursts: a look, the hold, the steps. */
const KEPT_MS = 10_000;

/**
 * The root shell that the last script on a connection left, for the next one: a session of sshd, the login shell and
 * sudo take longer to start than most scripts take to run. At most one per connection; it ends after ten seconds unused.
 */
export class KeptShell {
  readonly #keptMs: number;
  #wanted = false;
  #kept: { channel: ClientChannel; forget: () => void } | null = null;

  constructor(keptMs = KEPT_MS) {
    this.#keptMs = keptMs;
  }

  /**
   * Whether another script is likely, as one has ended on this connection. The first one closes its input at once, so
   * that a login shell which reads it ends, and is named.
   */
  get isWanted(): boolean {
    return this.#wanted;
  }

  /** A script has ended on the connection. */
  want(): void {
    this.#wanted = true;
  }

  /** Null if there is none. */
  take(): ClientChannel | null {
    const kept = this.#kept;
    kept?.forget();
    return kept?.channel ?? null;
  }

  /** A second one is not needed. */
  keep(channel: ClientChannel): void {
    if (this.#kept) return end(channel);
    const timer = setTimeout(() => this.end(), this.#keptMs);
    timer.unref();
    const forget = (): void => {
      clearTimeout(timer);
      channel.off('close', forget);
      this.#kept = null;
    };
    channel.once('close', forget);
    this.#kept = { channel, forget };
  }

  /** Makes room for another session. */
  end(): void {
    const channel = this.take();
    if (channel) end(channel);
  }
}

/** A channel whose output is not read never closes. */
function end(channel: ClientChannel): void {
  channel.resume();
  channel.stderr.resume();
  channel.end();
}
