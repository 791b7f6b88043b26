import { expect, it } from 'vitest';
import { contentsFact } from '../../../src/observed/facts/contents.ts';

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

it('gives both files back, byte for byte', () => {
  const bytes = Buffer.from([0, 255, 10, 128]);
  expect(contentsFact.parse(`file ${base64('port 6379\n')}\nfile ${base64(bytes)}\n`)).toEqual({
    redisConf: Buffer.from('port 6379\n'),
    dropIn: bytes,
  });
});

it.each([
  ['both are absent', '\n\n', null, null],
  ['the first is absent', '\nfile eA==\n', null, 'x'],
  ['the second is empty', 'file eA==\nfile \n', 'x', ''],
  ['nothing came', '', null, null],
])('tells an absent file from an empty one: %s', (_, stdout, redisConf, dropIn) => {
  const contents = contentsFact.parse(stdout);
  expect([contents.redisConf?.toString() ?? null, contents.dropIn?.toString() ?? null]).toEqual([redisConf, dropIn]);
});
