import type { MessagePort } from 'node:worker_threads';
import type { ConfigSource } from '../../ports/git.ts';
import type { FromThread, ToThread } from './messages.ts';
import { packed, unpacked, type Sources } from './wire.ts';

/** What can be asked, by name. */
export type Questions = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Answers in a thread what the program asks. Files are asked back from the program, which has the credentials.
 * @param keep Wraps a source that is new here; called once for each number as long as the result is kept.
 */
export function answerQuestions(
  port: Pick<MessagePort, 'on' | 'postMessage'>,
  questions: Questions,
  keep: (number: number, source: ConfigSource) => ConfigSource,
): void {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const send = (message: FromThread): void => port.postMessage(message);

  const fetched = (kind: 'read' | 'list', source: number, path: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      send({ kind, id: lastId, source, path });
    });
  const sources: Sources = {
    numberOf: () => {
      throw new TypeError('A repository is no answer');
    },
    sourceOf: (number, revision) =>
      keep(number, {
        revision,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the program’s own source answered.
        read: (path) => fetched('read', number, path) as Promise<string | null>,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- likewise.
        list: (folder) => fetched('list', number, folder) as Promise<readonly string[]>,
      }),
  };

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

  const settle = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    return found;
  };

  send({ kind: 'pong' });
  port.on('message', (message: ToThread) => {
    switch (message.kind) {
      case 'ask':
        return void answer(message.id, message.question, message.args);
      case 'file':
        return settle(message.id)?.resolve(unpacked(message.value, sources));
      case 'no file':
        return settle(message.id)?.reject(unpacked(message.error, sources));
      case 'ping':
        return send({ kind: 'pong' });
    }
  });
}
