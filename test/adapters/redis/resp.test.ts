import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodedCommand, ErrorReply, ReplyReader, type Resp } from '../../../src/adapters/redis/resp.ts';

/** As sent by a server. */
function written(reply: Resp): string {
  if (reply === null) return '$-1\r\n';
  if (reply instanceof ErrorReply) return `-${reply.message}\r\n`;
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (typeof reply === 'string') return `$${Buffer.byteLength(reply)}\r\n${reply}\r\n`;
  return `*${reply.length}\r\n${reply.map(written).join('')}`;
}

function readIn(pieces: readonly Buffer[]): readonly Resp[] {
  const reader = new ReplyReader();
  return pieces.flatMap((piece) => [...reader.read(piece)]);
}

function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/g, ' '));
const text = fc.string({ unit: 'binary' });
const { reply } = fc.letrec<{ reply: Resp }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.maxSafeInteger(),
    fc.constant(null),
    line.map((message) => new ErrorReply(message)),
    fc.array(tie('reply'), { maxLength: 5 }),
  ),
}));

describe('replies', () => {
  it('are read from any chunks', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (replies, places) => {
        const bytes = Buffer.from(replies.map(written).join(''));
        expect(readIn(cut(bytes, places))).toEqual(replies);
      }),
    );
  });

  it('are read from single bytes', () => {
    const bytes = Buffer.from('+OK\r\n*2\r\n$3\r\nä!\r\n:-7\r\n*-1\r\n$0\r\n\r\n-ERR no\r\n');
    expect(readIn([...bytes].map((byte) => Buffer.from([byte])))).toEqual([
      'OK',
      ['ä!', -7],
      null,
      '',
      new ErrorReply('ERR no'),
    ]);
  });

  it('of many megabytes in many chunks take no longer than in one', () => {
    const long = 'x'.repeat(16 * 1024 * 1024);
    const bytes = Buffer.from(written([long, 'end']));
    const pieces = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, at) =>
      bytes.subarray(at * 4096, (at + 1) * 4096),
    );
    const startedAt = performance.now();
    expect(readIn(pieces)).toEqual([[long, 'end']]);
    // Concatenating for each chunk would take half a minute.
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('have a limit each, and none together', () => {
    const text = 'x'.repeat(20 * 1024 * 1024);
    expect(readIn([Buffer.from(written(text)), Buffer.from(written(text))])).toEqual([text, text]);
  });

  it.each([
    ['no reply', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['no number', ':seven\r\n'],
    ['no length', '$many\r\n'],
    ['a negative length', '$-2\r\n'],
    ['a text without end', '$999999999999\r\n'],
    ['an array without end', '*999999999999\r\n'],
    ['an array in an array in an array …', '*1\r\n'.repeat(10_000)],
    ['a line without end', `+${'x'.repeat(100_000)}`],
    ['an array of ever more texts', `*1000\r\n${`$1000000\r\n${'x'.repeat(1_000_000)}\r\n`.repeat(34)}`],
    ['a text that comes without end', `$33554432\r\n${'x'.repeat(33_554_433)}`],
  ])('that are %s are refused', (_, bytes) => {
    expect(() => readIn([Buffer.from(bytes)])).toThrow(Error);
  });
});

describe('commands', () => {
  it('are counted in bytes', () => {
    expect(encodedCommand(['SET', 'ä', ''])).toBe('*3\r\n$3\r\nSET\r\n$2\r\nä\r\n$0\r\n\r\n');
  });

  it('read back as the words that they are', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (words) => {
        expect(readIn([Buffer.from(encodedCommand(words))])).toEqual([words]);
      }),
    );
  });
});
