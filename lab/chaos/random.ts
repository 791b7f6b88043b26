/** Chance that can be repeated: the same seed gives the same rounds. */
export interface Random {
  /** From 0 up to, but not with, `limit`. */
  below(limit: number): number;
  oneOf<T>(values: readonly [T, ...T[]] | readonly T[]): T;
}

/** Mulberry32: 32 bits of state, enough to choose injuries by. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    oneOf(values) {
      const value = values[below(values.length)];
      if (value === undefined) throw new RangeError('nothing to choose from');
      return value;
    },
  };
}
