import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../src/domain/facts.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { dropInAction, redisConfAction } from '../../../src/plan/host/write-file.ts';
import { desiredNode, fileOf, host, PASSWORD, password, present } from '../../builders.ts';

const node = desiredNode('redis-02', { password: password() });
const MASTER = { host: '10.0.0.123', port: 6379 };
const asWanted = node.redisConf.content.withRole(MASTER);

function hostWith(path: string, file: FileFacts | null) {
  const on = host(node, MASTER);
  const others = [...on.files].filter(([other]) => other !== path);
  return { ...on, files: new Map(file ? [...others, [path, file]] : others) };
}

describe('redis.conf', () => {
  const conf = (file: FileFacts | null) => redisConfAction(node, hostWith(node.redisConf.path, file), MASTER);

  it('is left alone where it is as wanted', () => {
    expect(conf(fileOf(asWanted))).toBeNull();
  });

  it.each<readonly [string, FileFacts | null, string, boolean]>([
    ['is created', null, 'Create /etc/redis/redis.conf', true],
    ['counts as absent where it does not exist', { exists: false }, 'Create /etc/redis/redis.conf', true],
    ['is changed', fileOf(new SensitiveText('port 1\n')), 'Change /etc/redis/redis.conf', false],
    ['is changed where nothing is known of its content', present(), 'Change /etc/redis/redis.conf', true],
    ['gets its owner back', fileOf(asWanted, { owner: 'root' }), 'Set owner and mode of /etc/redis/redis.conf', false],
    ['gets its group back', fileOf(asWanted, { group: 'root' }), 'Set owner and mode of /etc/redis/redis.conf', false],
    ['gets its mode back', fileOf(asWanted, { mode: '644' }), 'Set owner and mode of /etc/redis/redis.conf', false],
  ])('%s', (_name, file, summary, absent) => {
    const action = conf(file);
    expect(action?.summary).toBe(summary);
    expect(action).toMatchObject({ owner: 'redis', group: 'redis', mode: '640', replicaof: MASTER, disruptive: false });
    expect(action?.replaces === null).toBe(absent);
  });

  it('shows settings, not comments, and no password', () => {
    const before = new SensitiveText('# a comment\n\nrequirepass oldsecret\nport 6380\n');
    const diff = conf(fileOf(before))?.diff.map(({ sign, text }) => `${sign}${text}`) ?? [];
    expect(diff).toContain('-port 6380');
    expect(diff).toContain('+port 6379');
    expect(diff).toContain('+replicaof 10.0.0.123 6379');
    expect(diff.join('\n')).toContain('requirepass ••••••');
    expect(diff.join('\n')).not.toMatch(new RegExp(`${PASSWORD}|oldsecret|comment`));
  });

  it('shows what differs alone, not what is so by default', () => {
    const before = new SensitiveText(`timeout 0\ntcp-keepalive 300\nhz 50\n${asWanted.reveal()}`);
    const diff = conf(fileOf(before))?.diff.map(({ sign, text }) => `${sign}${text}`);
    expect(diff).toEqual(['-hz 50']);
  });

  it('is adopted where someone else wrote it: an approval, and the original kept', () => {
    const action = conf(fileOf(new SensitiveText('port 6380\n')));
    expect(action).toMatchObject({ adopts: true, reason: expect.stringContaining('redis.conf.redisops-original') });
  });

  it.each<[string, FileFacts]>([
    ['its package', fileOf(new SensitiveText('port 6380\n'), { isPackaged: true })],
    ['redisops', fileOf(asWanted.map((text) => text.replace('port 6379', 'port 6380')))],
  ])('is not adopted where %s wrote it', (_, file) => {
    expect(conf(file)).not.toBeNull();
    expect(conf(file)?.adopts).toBeUndefined();
  });

  it('is left alone where it means the same', () => {
    const same = new SensitiveText(`# by hand\n${asWanted.reveal()}\ntimeout 0\n`);
    expect(conf(fileOf(same))).toBeNull();
    expect(conf(fileOf(new SensitiveText(`${same.reveal()}syslog-ident "torn\n`)))).not.toBeNull();
  });

  it('names the role', () => {
    const on = hostWith(node.redisConf.path, fileOf(asWanted));
    expect(redisConfAction(node, on, null)?.replicaof).toBeNull();
    expect(redisConfAction(node, on, { host: '10.0.0.9', port: 1 })?.diff).toContainEqual({
      sign: '+',
      text: 'replicaof 10.0.0.9 1',
    });
  });
});

describe('the drop-in', () => {
  it.each<readonly [string, FileFacts | null, string | null]>([
    ['as wanted', fileOf(node.dropIn.content, { owner: 'root', group: 'root', mode: '644' }), null],
    ['absent', null, 'Create'],
    ['of another owner', fileOf(node.dropIn.content), 'Set owner and mode of'],
  ])('%s', (_name, file, verb) => {
    const action = dropInAction(node, hostWith(node.dropIn.path, file));
    expect(action?.summary ?? null).toBe(verb && `${verb} ${node.dropIn.path}`);
    expect(action?.replicaof ?? null).toBeNull();
  });
});
