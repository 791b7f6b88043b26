import { describe, expect, it } from 'vitest';
import { listensOn } from '../../../src/domain/redis/bind.ts';

describe('listensOn', () => {
  it.each([
    ['127.0.0.1 10.0.0.5', '10.0.0.5', true],
    ['127.0.0.1 10.0.0.5', '10.0.0.6', false],
    ['127.0.0.1 -10.0.0.5', '10.0.0.5', true],
    ['0.0.0.0', '10.0.0.5', true],
    ['* -::*', '10.0.0.5', true],
    ['* -::*', '::1', true],
    ['0.0.0.0', '::1', false],
    ['::', '10.0.0.5', false],
    ['::', 'FE80::1', true],
    ['', '127.0.0.1', false],
  ])('bind %s listens on %s: %s', (bind, address, expected) => {
    expect(listensOn(bind, address)).toBe(expected);
  });
});
