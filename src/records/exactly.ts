import type { z } from 'zod';

/**
 * Passes a schema through that reads exactly T: every member of a union, every property, optional ones included. Any
 * other schema does not compile. A check in one direction would let a record be written that cannot be read back.
 */
export function exactly<T>(): <S extends z.ZodType>(schema: S & Check<z.output<S>, T>) => S {
  return (schema) => schema;
}

type Check<Read, Kept> =
  Both<[Writable<Read>, Whole<Read>], [Writable<Kept>, Whole<Kept>]> extends true ? unknown : 'reads something else';

type Both<A, B> = A extends B ? (B extends A ? true : false) : false;

/** Schemas read arrays that may be written to; the domain’s are read-only. */
type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T;

/** What lacks an optional property is assignable to what has one; no longer where all are required. */
type Whole<T> = T extends object ? { -readonly [Key in keyof T]-?: Whole<T[Key]> } : T;
