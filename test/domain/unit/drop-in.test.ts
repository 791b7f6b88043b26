import { expect, it } from 'vitest';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { MANAGED } from '../../../src/domain/text/managed.ts';
import { keptSettings, renderDropIn, settingsIn, withKeptSettings } from '../../../src/domain/unit/drop-in.ts';

const OURS = renderDropIn('/data/redis');
const THEIRS = '[Service]\n# for the big shop\nLimitNOFILE=65535\n';

it('lets Redis write its data directory', () => {
  expect(OURS.reveal()).toBe(`${MANAGED}\n[Service]\nReadWritePaths=/data/redis\n`);
});

it.each<[string, string | undefined]>([
  ['127.0.0.1 10.0.0.124', '10.0.0.124'],
  ['10.0.0.124 fd00::7 ::1', '10.0.0.124 fd00::7'],
  ['127.0.0.1 -10.0.0.124', undefined],
  ['0.0.0.0', undefined],
  ['* -::*', undefined],
  ['', undefined],
])('waits at a start for the addresses of bind %j', (bind, addresses) => {
  const [start] = settingsIn(renderDropIn('/data/redis', bind).reveal());
  if (addresses === undefined) expect(start).toBe('ReadWritePaths=/data/redis');
  else expect(start).toContain(`for a in ${addresses}; do`);
});

it('keeps the settings of someone else, before its own', () => {
  const both = withKeptSettings(OURS, THEIRS);
  expect(settingsIn(both.reveal())).toEqual(['LimitNOFILE=65535', 'ReadWritePaths=/data/redis']);
  expect(keptSettings(both)).toBe(THEIRS.trimEnd());
  expect(withKeptSettings(OURS, keptSettings(both)).reveal()).toBe(both.reveal());
});

it('keeps nothing in a file without such a chapter', () => {
  expect(keptSettings(OURS)).toBe('');
  expect(keptSettings(new SensitiveText(THEIRS))).toBe('');
});

it('waits at a start until Sentinel names another master, for as long as a failover takes', () => {
  const sentinel = {
    file: '/etc/redis/sentinel.conf',
    masterName: 'shop',
    host: '10.0.0.123',
    port: 6379,
    seconds: 15,
  };
  expect(settingsIn(renderDropIn('/data/redis', '', sentinel).reveal())).toEqual([
    'ExecStartPre=-+/bin/sh -c \'rm /run/redisops.starts-now.%n 2>/dev/null && exit 0; for i in $$(seq 15); do grep -qs "^sentinel monitor shop 10.0.0.123 6379 " /etc/redis/sentinel.conf || exit 0; sleep 1; done\'',
    'ReadWritePaths=/data/redis',
  ]);
});
