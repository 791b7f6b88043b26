import type { z } from 'zod';

/**
 * Accepts only a schema that reads exactly T: every member of a union, every property, optional ones included. Any
 * other schema does not compile: a check in one direction would allow records that cannot be read back.
 */
export function exactly<T>(): <S extends z.ZodType>(schema: S & Check<z.output<S>, T>) => S {
  return (schema) => schema;
}

type Check<Read, Kept> =
  Both<[Writable<Read>, Whole<Read>], [Writable<Kept>, Whole<Kept>]> extends true ? unknown : 'reads something else';

type Both<A, B> = A extends B ? (B extends A ? true : false) : false;

/** Schemas produce mutable arrays; the domain’s are read-only. */
type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T;

/** Makes all properties required: otherwise an object without an optional property is assignable to one with it. */
type Whole<T> = T extends object ? { -readonly [Key in keyof T]-?: Whole<T[Key]> } : T;
