import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPEATED_DIRECTIVES } from '../../../src/domain/redis/directives.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { Secret, SensitiveText } from '../../../src/domain/secret.ts';

function conf(...lines: readonly string[]): RedisConf {
  return RedisConf.parse(new SensitiveText(`${lines.join('\n')}\n`));
}

describe('all', () => {
  it('says what CONFIG GET would: canonical names, unquoted values, the last line', () => {
    const found = conf('# head', 'MaxMemory 1gb', 'slave-priority 5', '', 'requirepass "a b"', 'maxmemory 2gb');
    expect(found.all).toEqual([
      { name: 'maxmemory', value: '2gb', line: 6 },
      { name: 'replica-priority', value: '5', line: 3 },
      { name: 'requirepass', value: 'a b', line: 5 },
    ]);
  });

  it.each([
    [['save 900 1', 'save 300 10'], '900 1 300 10'],
    [['save ""', 'save 900 1'], '900 1'],
    [['save 900 1', 'save ""'], ''],
    [['save "900 1 300 10"'], '900 1 300 10'],
  ])('save: %j is %j', (lines, value) => {
    expect(conf(...lines).all).toMatchObject([{ name: 'save', value }]);
  });

  it('adds up client-output-buffer-limit', () => {
    const found = conf('client-output-buffer-limit normal 0 0 0', 'client-output-buffer-limit pubsub 32mb 8mb 60');
    expect(found.all).toMatchObject([{ value: 'normal 0 0 0 pubsub 32mb 8mb 60', line: 2 }]);
  });

  it('skips unreadable lines', () => {
    expect(conf('requirepass "torn', 'port 1').all).toEqual([{ name: 'port', value: '1', line: 2 }]);
  });
});

describe('withRole', () => {
  const master = { host: '10.0.0.124', port: 6379 };

  it.each([
    [
      'replaces the role',
      ['port 1', 'replicaof 10.0.0.123 6379', 'hz 10'],
      ['port 1', 'replicaof 10.0.0.124 6379', 'hz 10'],
    ],
    ['replaces the role by its old name', [' SLAVEOF a 1', 'hz 10'], ['replicaof 10.0.0.124 6379', 'hz 10']],
    ['takes several away', ['replicaof a 1', 'port 1', 'slaveof b 2'], ['replicaof 10.0.0.124 6379', 'port 1']],
    ['adds it at the end', ['port 1'], ['port 1', 'replicaof 10.0.0.124 6379']],
  ])('%s', (_, before, after) => {
    expect(
      conf(...before)
        .withRole(master)
        .reveal(),
    ).toBe(conf(...after).reveal());
  });

  it('removes a replica’s role, and keeps comments', () => {
    expect(conf('# replicaof x', 'replicaof a 1', 'port 1').withRole(null).reveal()).toBe('# replicaof x\nport 1\n');
  });

  it('keeps secrets masked', () => {
    const text = new SensitiveText('requirepass hunter2\n# hunter2\n', [new Secret('hunter2')]);
    expect(RedisConf.parse(text).withRole(master).masked()).not.toContain('hunter2');
  });
});

describe('replicaof', () => {
  it.each([
    ['replicaof 10.0.0.1 6379', { host: '10.0.0.1', port: 6379 }],
    ['SlaveOf "10.0.0.1" 6379', { host: '10.0.0.1', port: 6379 }],
    ['replicaof no one', null],
    ['replicaof NO ONE', null],
    ['# replicaof 10.0.0.1 6379', null],
    ['port 6379', null],
  ])('%s', (line, master) => {
    expect(conf(line).replicaof).toEqual(master);
  });

  it('is the last one', () => {
    expect(conf('replicaof 10.0.0.1 1', 'replicaof 10.0.0.2 2').replicaof).toEqual({ host: '10.0.0.2', port: 2 });
  });
});

/** Lines as written by people and templates, intact and torn. */
const line = fc.oneof(
  fc.constantFrom('', '# replicaof 10.0.0.1 1', 'save ""', 'requirepass "torn', '\tport 6379 ', 'user a on >b', "'"),
  fc.constantFrom(
    'replicaof 10.0.0.1 6379',
    ' SLAVEOF redis-01 6380',
    'replicaof no one',
    'replicaof',
    '"replicaof" a 1',
  ),
  fc
    .tuple(fc.constantFrom(...REPEATED_DIRECTIVES, 'hz', 'maxmemory'), fc.string({ maxLength: 8 }))
    .map((words) => words.join(' ')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const text = fc
  .array(line, { maxLength: 8 })
  .chain((lines) => fc.constantFrom(lines.join('\n'), `${lines.join('\n')}\n`));
const role = fc.constantFrom(null, { host: '10.0.0.9', port: 6379 }, { host: '10.0.0.1', port: 6379 });
const isRoleLine = (each: string): boolean => /^\s*(?:replicaof|slaveof)\s/i.test(each);

describe('any text', () => {
  it('keeps every byte', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(RedisConf.parse(new SensitiveText(plain)).reveal()).toBe(plain);
      }),
    );
  });

  it('sets a role once, and changes no other line', () => {
    fc.assert(
      fc.property(text, role, (plain, master) => {
        const before = RedisConf.parse(new SensitiveText(plain));
        const after = before.withRole(master);
        expect(after.withRole(master)).toBe(after);
        const others = (of: RedisConf) =>
          of
            .reveal()
            .replace(/\n$/, '')
            .split('\n')
            .filter((each) => !isRoleLine(each));
        const kept = others(before);
        // An empty file has one empty line, which the role replaces or follows.
        expect(others(after)).toEqual(kept.length === 0 && master === null ? [''] : kept);
      }),
    );
  });

  it('adds up repeated directives, in order', () => {
    const value = fc.stringMatching(/^[a-z0-9]{1,6}$/);
    fc.assert(
      fc.property(fc.constantFrom(...REPEATED_DIRECTIVES), fc.array(value, { minLength: 1 }), (name, values) => {
        const lines = values.flatMap((each) => [`${name} ${each}`, '# between']);
        expect(conf(...lines).get(name)).toBe(values.join(' '));
        expect(conf(...values.map((each) => `hz ${each}`)).get('hz')).toBe(values.at(-1));
      }),
    );
  });

  it('is parsed once', () => {
    const once = conf('port 1');
    expect(RedisConf.parse(once)).toBe(once);
  });

  it('shows no secret, whatever looks at it', () => {
    const own = RedisConf.parse(new SensitiveText('requirepass hunter2\n', [new Secret('hunter2')]));
    expect(`${String(own)}${JSON.stringify({ own })}${inspect(own)}`).not.toContain('hunter2');
    expect(own.get('requirepass')).toBe('hunter2');
  });
});

describe('withDirective', () => {
  it.each([
    ['port 1\n', '0', 'port 1\nreplica-priority 0\n'],
    ['replica-priority 50\nport 1\n', '0', 'replica-priority 0\nport 1\n'],
    ['slave-priority 50\nport 1\nreplica-priority 60\n', '0', 'replica-priority 0\nport 1\n'],
    ['replica-priority 0 \nport 1', '0', 'replica-priority 0 \nport 1'],
    ['port 1\nreplica-priority 0\n', null, 'port 1\n'],
    ['# replica-priority 5\nport 1\n', null, '# replica-priority 5\nport 1\n'],
  ])('of %j with %j', (text, value, result) => {
    expect(RedisConf.parse(new SensitiveText(text)).withDirective('replica-priority', value).reveal()).toBe(result);
  });
});
