import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { openRedis } from '../../../src/adapters/redis/redis-link.ts';
import { nodeWords } from '../../../src/domain/node-words.ts';
import { aclUsers, hasNoPassword, isStandardDefault, saidUsers } from '../../../src/domain/redis/acl.ts';
import { usersInOneSpelling } from '../../../src/domain/redis/acl-rules.ts';
import { listensOn } from '../../../src/domain/redis/bind.ts';
import { settingsIn } from '../../../src/domain/redis/config-get.ts';
import { memoryBytes, sameValue } from '../../../src/domain/redis/directive-value.ts';
import { meaningIn, meaningOf } from '../../../src/domain/redis/error-reply.ts';
import { keptLines } from '../../../src/domain/redis/kept-lines.ts';
import { replicaBuffer } from '../../../src/domain/redis/output-buffer.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { differingDirectives } from '../../../src/domain/redis/same-conf.ts';
import { Info, subfieldsOf } from '../../../src/domain/replication/info.ts';
import { Secret, SensitiveText } from '../../../src/domain/secret.ts';
import { HOST_FACTS } from '../../../src/observed/facts/facts.ts';
import { CANARY, type Border } from './border.ts';
import { textsOf } from './texts.ts';

const secret = new Secret(CANARY);
/** It is read several times for one plan: all of them are measured together. */
const LONGEST_CONF = 16_384;
const NODE = { name: 'redis-02', address: '10.0.0.124', sshPort: 22, redisPort: 6379 };

const CONF = [
  'requirepass ',
  CANARY,
  'masterauth "',
  '"',
  "'",
  '\\',
  '\\x41',
  '\n',
  ' ',
  '\t',
  'user ada on >',
  ' #',
  ' ~* &* +@all',
  ' nopass',
  'save 900 1',
  'save ""',
  'bind * -::*',
  'maxmemory 1gb',
  'replicaof 10.0.0.1 6379',
  'include /etc/x',
  '# ',
  'port 6379',
  'client-output-buffer-limit replica 256mb 64mb 60',
  'rename-command',
  '\r',
  'sentinel auth-pass m ',
  'dir /data',
  '(+get ~x) ',
  '%R~',
  '-@dangerous',
];
const INFO = [
  '# Replication\r\n',
  'role:master',
  '\r\n',
  ':',
  ',',
  '=',
  'slave0:ip=10.0.0.1,port=6379,state=online,offset=1,lag=0',
  'master_repl_offset:',
  '99999999999999999999',
  '-1',
  'nan',
  'Infinity',
  'db0:keys=1,expires=0',
  'redis_version:7.0.15',
  'loading:1',
  '\n',
  ' ',
  '1e999',
  '0x10',
];
const LINES = [
  '\n',
  ' ',
  '\t',
  '=',
  ':',
  '/',
  'LoadState=loaded',
  'ActiveState=active',
  'ExecMainPID=1',
  '1',
  '0',
  '-1',
  '99999999999999999999',
  'redis redis 640 ',
  '/etc/redis/redis.conf',
  'LISTEN 0 511 0.0.0.0:6379',
  'users:(("redis-server",pid=1,fd=6))',
  'yes',
  'no',
  'missing',
  '\0',
  'U2FsdGVk',
  '==',
  '|',
  ';',
  '"',
  'redis-server *:6379',
  'MemAvailable: 1 kB',
  'install ok installed',
  '5:7.0.15-1',
  '%',
  '[',
  ']',
  '--',
  CANARY,
];
const RESP = [
  '+OK',
  '-ERR ',
  '-NOAUTH ',
  '-MISCONF ',
  '-LOADING ',
  ':',
  '$',
  '*',
  '\r\n',
  '$-1\r\n',
  '*-1\r\n',
  '*1\r\n',
  '$5\r\nhello\r\n',
  '99999999',
  '1',
  '-',
  CANARY,
  'invalid username-password pair',
  '\n',
];
const ERRORS = [
  'NOAUTH',
  'WRONGPASS',
  'MISCONF',
  'LOADING',
  'MASTERDOWN',
  'NOPERM',
  'ERR ',
  ' ',
  'unknown command ',
  '`',
  "'",
  ',',
  'with args beginning with: ',
  CANARY,
  'OOM',
  'READONLY',
  'BUSY',
  '\n',
  "can't ",
  'Bad directive or wrong number of arguments',
];

/** Redis as it answers to a command: with these bytes, and then nothing. */
function answering(bytes: Buffer): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      this.push(bytes);
      this.push(null);
      done();
    },
  });
  stream.on('error', () => undefined);
  return stream;
}

async function asked(bytes: Buffer): Promise<unknown> {
  const link = await openRedis(answering(bytes), NODE, secret, 1000);
  link.close();
  return null;
}

function confRead(text: string): unknown {
  const conf = RedisConf.parse(new SensitiveText(text, [secret]));
  const other = RedisConf.parse(new SensitiveText('port 6379\nuser ada on >x ~*\n'));
  usersInOneSpelling(conf);
  keptLines(conf);
  differingDirectives(conf, other);
  listensOn(conf.get('bind') ?? '', '10.0.0.1');
  return [conf.withRole({ host: '10.0.0.1', port: 6379 }).masked(), conf.replicaof, conf.brokenLines];
}

function settingsRead(words: readonly string[]): unknown {
  const settings = settingsIn(words);
  for (const [name, value] of settings) {
    sameValue(name, value, '1gb');
    memoryBytes(value);
    replicaBuffer(value);
    listensOn(value, '10.0.0.1');
  }
  return null;
}

function aclRead(text: string): unknown {
  const users = aclUsers(text.split('\n').map((line) => `user ${line}`));
  for (const user of users) {
    isStandardDefault(user);
    hasNoPassword(user);
  }
  return saidUsers(users).length;
}

function infoRead(text: string): unknown {
  const info = new Info(text);
  for (const [name, value] of info.entries()) {
    subfieldsOf(value);
    info.optionalNumber(name);
  }
  return info.number('master_repl_offset');
}

type Input = string;

export const NODE_BORDERS: readonly Border<Input>[] = [
  { name: 'redis.conf', inputs: textsOf(CONF, LONGEST_CONF), read: confRead },
  { name: 'INFO', inputs: textsOf(INFO), read: infoRead },
  {
    name: 'CONFIG GET',
    inputs: textsOf([
      'maxmemory\n',
      'bind\n',
      'save\n',
      '900 1\n',
      'client-output-buffer-limit\n',
      'slave 0 0 0 ',
      '1gb\n',
      '\n',
      ' ',
      '-1',
      '99999999999999999999',
      '* -::*',
      'yes\n',
      'pubsub 33554432 8388608 60\n',
    ]),
    read: (text) => settingsRead(text.split('\n')),
  },
  {
    name: 'ACL LIST',
    inputs: textsOf(
      [
        ' +a',
        ' +b|c',
        ' -b',
        ' +0',
        ...CONF,
        'default',
        ' on',
        ' off',
        ' resetkeys',
        ' +config|set',
        ' -config',
        ' allcommands',
      ],
      LONGEST_CONF,
    ),
    read: aclRead,
  },
  { name: 'RESP', inputs: textsOf(RESP), read: (text) => asked(Buffer.from(text)) },
  { name: 'error reply', inputs: textsOf(ERRORS), read: (text) => [meaningOf(text).code, meaningIn(text)?.code] },
  { name: 'words of a node', inputs: textsOf([...CONF, ...ERRORS]), read: (text) => nodeWords(text, [secret]) },
  {
    name: 'facts of a host',
    mayThrow: true,
    inputs: fc
      .tuple(fc.constantFrom(...Object.keys(HOST_FACTS)), textsOf(LINES))
      .map(([name, text]) => `${name}\0${text}`),
    read: factRead,
  },
];

function factRead(input: string): unknown {
  const at = input.indexOf('\0');
  const facts: Readonly<Record<string, { parse(text: string): unknown }>> = HOST_FACTS;
  facts[input.slice(0, at)]?.parse(input.slice(at + 1));
  return null;
}
