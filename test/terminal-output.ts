import { afterEach, beforeEach, vi } from 'vitest';

/** What the program prints in each test, instead of printing it. */
export function terminalOutput(): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' };
  beforeEach(() => {
    output.stdout = output.stderr = '';
    for (const stream of ['stdout', 'stderr'] as const)
      vi.spyOn(process[stream], 'write').mockImplementation((text, ...rest) => {
        output[stream] += String(text);
        rest.find((each) => typeof each === 'function')?.();
        return true;
      });
  });
  afterEach(() => vi.restoreAllMocks());
  return output;
}
