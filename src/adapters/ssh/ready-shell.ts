import type { ClientChannel } from 'ssh2';
import { realClock } from '../../time/real-clock.ts';

/** Milliseconds. Scripts come in bursts: a look, the hold, the steps. */
const BURST_MS = 5000;
const KEPT_MS = 10_000;

/**
 * A root shell that is started before it is needed: sshd, the login shell and sudo take longer to start than most
 * scripts take to run. It is used for one script, as any other. There is at most one per connection, only while
 * scripts follow each other, and it ends after ten seconds unused.
 */
export class ReadyShell {
  readonly #start: () => Promise<ClientChannel>;
  #kept: { channel: ClientChannel; end: () => void } | null = null;
  #starting = false;
  #lastScriptMs = -Infinity;

  constructor(start: () => Promise<ClientChannel>) {
    this.#start = start;
  }

  /** Null if there is none. */
  take(): ClientChannel | null {
    const kept = this.#kept;
    this.#kept = null;
    if (!kept) return null;
    kept.end();
    return kept.channel;
  }

  /** Call after a script has ended well. */
  prepare(): void {
    const now = realClock.elapsed();
    const isBurst = now - this.#lastScriptMs < BURST_MS;
    this.#lastScriptMs = now;
    if (!isBurst || this.#starting || this.#kept) return;
    this.#starting = true;
    const done = (): void => {
      this.#starting = false;
    };
    this.#start()
      .then(
        (channel) => this.#keep(channel),
        () => {},
      )
      .finally(done);
  }

  /** Makes room for another session. */
  end(): void {
    const channel = this.take();
    channel?.on('close', () => {}).resume();
    channel?.stderr.resume();
    channel?.end();
  }

  #keep(channel: ClientChannel): void {
    const forget = (): void => {
      if (this.#kept?.channel === channel) this.take();
    };
    const timer = setTimeout(() => {
      if (this.#kept?.channel === channel) this.end();
    }, KEPT_MS);
    timer.unref();
    channel.once('close', forget);
    const end = (): void => {
      clearTimeout(timer);
      channel.off('close', forget);
    };
    this.#kept = { channel, end };
  }
}
