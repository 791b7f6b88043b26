import { describe, expect, it } from 'vitest';
import { neededValue } from '../../../src/plan/adopt/needed.ts';
import { desiredCluster, desiredNode, password } from '../../builders.ts';

const node = desiredNode('redis-02');
const line = (name: string, ...parameters: readonly string[]) => ({ name, parameters });

describe('neededValue', () => {
  it.each([
    ['127.0.0.1 -::1', '127.0.0.1 -::1 10.0.0.124'],
    ['10.0.0.124', '10.0.0.124'],
    ['-10.0.0.124', '-10.0.0.124'],
    ['0.0.0.0', '0.0.0.0'],
    ['* -::*', '* -::*'],
  ])('keeps bind %s, and what replication needs: %s', (before, after) => {
    const [kept] = neededValue(line('bind', ...before.split(' ')), node, desiredCluster());
    expect(kept?.parameters.join(' ')).toBe(after);
  });

  it('keeps protected-mode where replicas get through', () => {
    const open = desiredCluster();
    const secured = desiredCluster({ password: password() });
    const alone = desiredCluster({ change: { replication: false } });
    expect(neededValue(line('protected-mode', 'yes'), node, open)).toEqual([]);
    expect(neededValue(line('protected-mode', 'no'), node, open)).toHaveLength(1);
    expect(neededValue(line('protected-mode', 'yes'), node, secured)).toHaveLength(1);
    expect(neededValue(line('protected-mode', 'yes'), node, alone)).toHaveLength(1);
  });

  it('keeps the others as they are', () => {
    expect(neededValue(line('hz', '20'), node, desiredCluster())).toEqual([line('hz', '20')]);
  });
});
