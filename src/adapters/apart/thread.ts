import { Worker } from 'node:worker_threads';
import type { ConfigSource } from '../../ports/git.ts';
import type { FromThread, ToThread } from './messages.ts';
import { packed, unpacked, type Sources } from './wire.ts';

export interface ThreadLimits {
  /** How long the thread may go without answering a ping; milliseconds. */
  stallMs: number;
  memoryMegabytes: number;
}

/** Why a thread ended before it answered. */
export type Ending = 'stalled' | 'out of memory' | 'broken' | 'closed';

/** The thread ended before it answered. */
export class ThreadEnded extends Error {
  readonly ending: Ending;

  constructor(ending: Ending, cause?: unknown) {
    super(`The thread ended: ${ending}`, { cause });
    this.ending = ending;
  }
}

interface Pending {
  /** Keeps the sources alive, which the thread knows only by number. */
  args: readonly unknown[];
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

const PINGS = 20;

/** A thread that answers several questions at a time. Ends when it stalls or uses too much memory. */
export class Thread {
  readonly #worker: Worker;
  readonly #limits: ThreadLimits;
  readonly #sources: NumberedSources;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #isLoaded = false;
  #unanswered = 0;
  #watch: NodeJS.Timeout | null = null;
  #ended: ThreadEnded | null = null;

  constructor(file: URL, limits: ThreadLimits) {
    this.#limits = limits;
    this.#sources = new NumberedSources();
    this.#worker = new Worker(file, {
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMegabytes },
      // It needs no credentials.
      env: {},
      execArgv: [],
    });
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#take(message));
    this.#worker.on('error', (error: NodeJS.ErrnoException) =>
      this.end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : 'broken', error),
    );
    this.#worker.on('exit', () => this.end('broken'));
  }

  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  /** @throws ThreadEnded; what the answering function throws */
  ask(question: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#lastId += 1;
      this.#pending.set(this.#lastId, { args, resolve, reject });
      this.#send({ kind: 'ask', id: this.#lastId, question, args: packed(args, this.#sources) });
      this.#startWatch();
    });
  }

  end(ending: Ending, cause?: unknown): void {
    if (this.#ended) return;
    this.#ended = new ThreadEnded(ending, cause);
    this.#stopWatch();
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    void this.#worker.terminate();
  }

  #send(message: ToThread): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window.
    this.#worker.postMessage(message);
  }

  #take(message: FromThread): void {
    switch (message.kind) {
      case 'answer':
        return this.#settle(message.id)?.resolve(unpacked(message.value, this.#sources));
      case 'failure':
        return this.#settle(message.id)?.reject(unpacked(message.error, this.#sources));
      case 'read':
      case 'list':
        return void this.#fetch(message);
      case 'pong':
        this.#isLoaded = true;
        this.#unanswered = 0;
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#stopWatch();
    return pending;
  }

  async #fetch({ kind, id, source, path }: Extract<FromThread, { kind: 'read' | 'list' }>): Promise<void> {
    try {
      const value = await this.#sources.at(source)[kind](path);
      this.#send({ kind: 'file', id, value: packed(value, this.#sources) });
    } catch (error) {
      this.#send({ kind: 'no file', id, error: packed(error, this.#sources) });
    }
  }

  /**
   * Counts pings instead of measuring time: a stall of the program itself counts as one at most. Loading may take
   * longer.
   */
  #startWatch(): void {
    if (this.#watch) return;
    this.#unanswered = 0;
    this.#watch = setInterval(() => {
      if (this.#unanswered >= PINGS) return this.end('stalled');
      if (this.#isLoaded) this.#unanswered += 1;
      this.#send({ kind: 'ping' });
    }, this.#limits.stallMs / PINGS);
    this.#watch.unref();
  }

  #stopWatch(): void {
    if (this.#watch) clearInterval(this.#watch);
    this.#watch = null;
  }
}

/** Sources by number, kept while the program or a pending question holds them. */
class NumberedSources implements Sources {
  readonly #numbers = new WeakMap<ConfigSource, number>();
  readonly #sources = new Map<number, WeakRef<ConfigSource>>();
  readonly #gone = new FinalizationRegistry<number>((number) => this.#sources.delete(number));
  #last = 0;

  numberOf(source: ConfigSource): number {
    const known = this.#numbers.get(source);
    if (known !== undefined) return known;
    this.#last += 1;
    this.#numbers.set(source, this.#last);
    this.#sources.set(this.#last, new WeakRef(source));
    this.#gone.register(source, this.#last);
    return this.#last;
  }

  sourceOf(number: number): ConfigSource {
    return this.at(number);
  }

  at(number: number): ConfigSource {
    const source = this.#sources.get(number)?.deref();
    if (!source) throw new Error(`Repository ${number} is no longer in use`);
    return source;
  }
}
