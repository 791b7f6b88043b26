import { expect, it } from 'vitest';
import { replicaBuffer } from '../../../src/domain/redis/output-buffer.ts';

it.each([
  ['normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60', 268_435_456, 67_108_864, 60],
  ['replica 1gb 512mb 120', 1_073_741_824, 536_870_912, 120],
  ['pubsub 32mb 8mb 60', 268_435_456, 67_108_864, 60],
  ['slave 0 0 0', 0, 0, 0],
])('reads %j', (value, hardBytes, softBytes, softSeconds) => {
  expect(replicaBuffer(value)).toEqual({ hardBytes, softBytes, softSeconds });
});
