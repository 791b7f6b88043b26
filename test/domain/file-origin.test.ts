import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../src/domain/facts.ts';
import { fileOrigin, original, previous } from '../../src/domain/file-origin.ts';
import { MANAGED } from '../../src/domain/text/managed.ts';
import { SensitiveText } from '../../src/domain/secret.ts';
import { fileOf, present } from '../builders.ts';

const PATH = '/etc/redis/redis.conf';
const HAND = fileOf(new SensitiveText('port 6379\n'));

describe('fileOrigin', () => {
  it.each<[string, Readonly<Record<string, FileFacts>>]>([
    ['absent', {}],
    ['absent', { [PATH]: { exists: false } }],
    ['someone', { [PATH]: HAND }],
    ['someone', { [PATH]: present() }],
    ['someone', { [PATH]: HAND, [original(PATH)]: { exists: false } }],
    ['package', { [PATH]: fileOf(new SensitiveText('port 6379\n'), { isPackaged: true }) }],
    ['redisops', { [PATH]: fileOf(new SensitiveText(`${MANAGED}\nport 6379\n`)) }],
    ['redisops', { [PATH]: HAND, [original(PATH)]: present() }],
    ['redisops', { [PATH]: HAND, [previous(PATH)]: present() }],
  ])('%s', (origin, files) => {
    expect(fileOrigin(PATH, { files: new Map(Object.entries(files)) })).toBe(origin);
  });
});
