import type { MessagePort } from 'node:worker_threads';
import type { ConfigSource } from '../../ports/git.ts';
import type { FromThread, ToThread } from './messages.ts';
import { packed, unpacked, type Sources } from './wire.ts';

/** Questions that can be asked, by name. */
export type Questions = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

/** Wraps a source received by the thread; the number identifies it while the program holds it. */
export type Keep = (number: number, source: ConfigSource) => ConfigSource;

/**
 * Answers the program’s questions in a thread. Files are requested back from the program, which has the credentials.
 */
export function answerQuestions(port: Pick<MessagePort, 'on' | 'postMessage'>, questions: Questions, keep: Keep): void {
  const send = (message: FromThread): void => port.postMessage(message);
  const sources = new ProgramSources(send, keep);
  const answer = async (id: number, question: string, args: unknown): Promise<void> => {
    try {
      const ask = questions[question];
      if (!ask) throw new TypeError(`There is no question ${question}`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the asking side has the function’s own type.
      const value = await ask(...(unpacked(args, sources) as never[]));
      send({ kind: 'answer', id, value: packed(value, sources) });
    } catch (error) {
      send({ kind: 'failure', id, error: packed(error instanceof Error ? error : new Error(String(error)), sources) });
    }
  };

  send({ kind: 'pong' });
  port.on('message', (message: ToThread) => {
    switch (message.kind) {
      case 'ask':
        return void answer(message.id, message.question, message.args);
      case 'file':
        return sources.settle(message.id)?.resolve(unpacked(message.value, sources));
      case 'no file':
        return sources.settle(message.id)?.reject(unpacked(message.error, sources));
      case 'ping':
        return send({ kind: 'pong' });
    }
  });
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** The program’s sources: reads are requested back from it. */
class ProgramSources implements Sources {
  readonly #send: (message: FromThread) => void;
  readonly #keep: Keep;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(send: (message: FromThread) => void, keep: Keep) {
    this.#send = send;
    this.#keep = keep;
  }

  numberOf(): number {
    throw new TypeError('A source cannot be an answer');
  }

  sourceOf(number: number, revision: string): ConfigSource {
    return this.#keep(number, {
      revision,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the program’s own source answered it.
      read: (path) => this.#asked('read', number, path) as Promise<string | null>,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- likewise.
      list: (folder) => this.#asked('list', number, folder) as Promise<readonly string[]>,
    });
  }

  settle(id: number): Waiting | undefined {
    const found = this.#waiting.get(id);
    this.#waiting.delete(id);
    return found;
  }

  #asked(kind: 'read' | 'list', source: number, path: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      this.#send({ kind, id: this.#lastId, source, path });
    });
  }
}
