import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../src/domain/facts.ts';
import { fileOrigin, original, previous } from '../../src/domain/file-origin.ts';
import { MANAGED } from '../../src/domain/text/managed.ts';
import { SensitiveText } from '../../src/domain/secret.ts';
import { desiredNode, fileOf, present } from '../builders.ts';

const OURS = desiredNode('redis-01').redisConf;
const TEMPLATE = { ...OURS, content: new SensitiveText('port 6379\n') };
const { path: PATH } = OURS;
const HAND = fileOf(new SensitiveText('port 6379\n'));

describe('fileOrigin', () => {
  it.each<[string, typeof TEMPLATE, Readonly<Record<string, FileFacts>>]>([
    ['absent', OURS, {}],
    ['absent', OURS, { [PATH]: { exists: false } }],
    ['someone', OURS, { [PATH]: HAND }],
    ['someone', OURS, { [PATH]: present() }],
    ['package', OURS, { [PATH]: fileOf(new SensitiveText('port 6379\n'), { isPackaged: true }) }],
    ['redisops', OURS, { [PATH]: fileOf(new SensitiveText(`${MANAGED}\nport 6379\n`)) }],
    // Restored after a failed run: it belongs to its author again.
    ['someone', OURS, { [PATH]: HAND, [original(PATH)]: present(), [previous(PATH)]: present() }],
    ['someone', TEMPLATE, { [PATH]: HAND, [original(PATH)]: { exists: false } }],
    ['redisops', TEMPLATE, { [PATH]: HAND, [original(PATH)]: present() }],
    ['redisops', TEMPLATE, { [PATH]: HAND, [previous(PATH)]: present() }],
  ])('%s', (origin, wanted, files) => {
    expect(fileOrigin(wanted, { files: new Map(Object.entries(files)) })).toBe(origin);
  });
});
