import { expect, it } from 'vitest';
import { savedElsewhereFact } from '../../../src/observed/facts/saved-elsewhere.ts';

it.each([
  ['', []],
  ['/etc/cron.d/zzh\n/root/.ssh/authorized_keys\n', ['/etc/cron.d/zzh', '/root/.ssh/authorized_keys']],
  ['nonsense\n', []],
])('%j is %j', (stdout, expected) => expect(savedElsewhereFact.parse(stdout)).toEqual(expected));
