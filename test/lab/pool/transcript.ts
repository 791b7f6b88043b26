import { existsSync, readFileSync, statSync } from 'node:fs';

const LONGEST = 20_000;
let said: string[] = [];
/** Log files, and how long each was when the test began. */
const logs = new Map<string, number>();

/** Keeps what the program printed, or what happened in it: shown where the test fails. */
export function note(text: string): void {
  said.push(text.length > LONGEST ? `… ${text.length - LONGEST} characters before\n${text.slice(-LONGEST)}` : text);
}

/** What a test adds to this file is shown where it fails. */
export function watchLog(file: string): void {
  logs.set(file, 0);
}

export function beginTranscript(): void {
  for (const file of logs.keys()) logs.set(file, existsSync(file) ? statSync(file).size : 0);
}

/** @returns what was kept since the last end. */
export function endTranscript(): string {
  for (const [file, begin] of logs) if (existsSync(file)) note(readFileSync(file).subarray(begin).toString());
  const all = said.join('\n');
  said = [];
  return all;
}
