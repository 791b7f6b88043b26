import { expect, it } from 'vitest';
import { clientsIn } from '../../../src/domain/failover/clients.ts';

const client = (addr: string, more = 'name= flags=N') => `id=7 addr=${addr} laddr=10.0.0.123:6379 fd=8 ${more} cmd=set`;

it('names the clients, most first, and not the servers among them', () => {
  const list = [
    client('10.0.0.50:40001', 'name=worker flags=N'),
    client('10.0.0.50:40002', 'name=worker flags=N'),
    client('10.0.0.51:40001'),
    client('10.0.0.124:6380', 'name= flags=S'),
    client('10.0.0.124:6381', 'name=sentinel-abc-cmd flags=N'),
    client('10.0.0.123:5555'),
    client('127.0.0.1:5555'),
    client('[fd00::5]:5555', 'name=web flags=P'),
    '',
  ].join('\n');
  expect(clientsIn(list)).toEqual(['10.0.0.50 (worker) × 2', '[fd00::5] (web)', '10.0.0.51']);
});

it('is short, whatever is connected', () => {
  const list = Array.from({ length: 50 }, (_, index) => client(`10.1.0.${index}:1`)).join('\n');
  expect(clientsIn(list)).toHaveLength(11);
  expect(clientsIn(list).at(-1)).toBe('and 40 more');
  expect(clientsIn(null)).toEqual([]);
});
