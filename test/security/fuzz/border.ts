import fc from 'fast-check';
import { z } from 'zod';
import { RedisopsError } from '../../../src/domain/error.ts';

/** Where something that others wrote enters the program. */
export interface Border<T> {
  name: string;
  inputs: fc.Arbitrary<T>;
  /** Reads it as the program does, and returns all that may be shown of it. */
  read: (input: T) => unknown;
  /** Read in a thread of its own, which is ended when it takes too long: nothing waits for it. */
  apart?: true;
  /** The reader’s caller turns a plain Error into one of ours. */
  mayThrow?: true;
}

/** What must never be shown: it stands in the inputs where a secret does. */
export const CANARY = 'Zq7-Xw9-Kv3';
/** Milliseconds that the event loop may stand still, and that the thread for repositories may take. */
const STALL_MS = 50;
const APART_MS = 2500;

export interface Figures {
  border: string;
  inputs: number;
  /** The longest time that one input took, of the processor. */
  slowestMs: number;
}

interface Tries {
  milliseconds: number;
  seed?: number | undefined;
  /** Factor for the limits: a process that runs other tests collects their garbage meanwhile. */
  patience?: number;
}

/** Tries inputs for that long. @throws what fast-check does for an input that crashes, stalls or shows a secret */
export async function fuzz<T>(border: Border<T>, { milliseconds, seed, patience = 1 }: Tries): Promise<Figures> {
  const limit = (border.apart ? APART_MS : STALL_MS) * patience;
  let inputs = 0;
  let slowestMs = 0;
  const property = fc.asyncProperty(border.inputs, async (input) => {
    inputs += 1;
    let ms = await cost(border, input);
    // The compiler and the garbage collector work in this time, too: an input that is slow is slow again.
    for (let again = 0; again < 4 && ms > limit; again += 1) ms = Math.min(ms, await cost(border, input));
    if (ms > limit) throw new Error(`${border.name} took ${Math.round(ms)} ms`);
    slowestMs = Math.max(slowestMs, ms);
  });
  await fc.assert(property, {
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: milliseconds,
    ...(seed === undefined ? {} : { seed }),
  });
  return { border: border.name, inputs, slowestMs: Math.round(slowestMs * 10) / 10 };
}

/** Milliseconds of the processor for one input: on a busy machine the clock shows what others do. */
async function cost<T>({ name, read, mayThrow }: Border<T>, input: T): Promise<number> {
  const before = process.cpuUsage();
  let shown: unknown;
  try {
    shown = await read(input);
  } catch (error) {
    if (!(error instanceof RedisopsError) && !(mayThrow && isPlain(error))) throw error;
    shown = [error.message, error instanceof RedisopsError ? error.hint : ''];
  }
  const { user, system } = process.cpuUsage(before);
  if ((JSON.stringify(shown) ?? '').includes(CANARY)) throw new Error(`${name} shows the secret`);
  return (user + system) / 1000;
}

/** Not a TypeError or a RangeError: those are mistakes of the program. */
function isPlain(error: unknown): error is Error {
  return error instanceof z.ZodError || (error instanceof Error && error.constructor === Error);
}
