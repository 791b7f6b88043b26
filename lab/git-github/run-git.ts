import { execFileSync } from 'node:child_process';

export type RunGit = (
  parameters: readonly string[],
  options?: { input?: string; environment?: NodeJS.ProcessEnv },
) => Buffer;

const READS = new Set(['cat-file', 'diff', 'ls-tree', 'merge-base', 'rev-list', 'rev-parse', 'show']);
/** Parameters whose meaning no branch can change: options, or objects by their full hashes. */
const FIXED = /^(?:-.*|[0-9a-f]{40}(?:\^\{\w+\}|:.*|\.\.[0-9a-f]{40})?|blob)$/s;

/**
 * Runs Git in a folder. Caches reads: of objects forever, as they never change; of anything else, including failures,
 * until the next write.
 */
export function gitIn(folder: string, environment: NodeJS.ProcessEnv): RunGit {
  const objects = new Map<string, Buffer>();
  const untilWrite = new Map<string, Buffer | Error>();

  const run: RunGit = (parameters, { input = '', environment: more = {} } = {}) =>
    execFileSync('git', ['-C', folder, ...parameters], {
      input,
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', ...environment, ...more },
    });

  const read = (parameters: readonly string[]): Buffer => {
    const key = parameters.join('\0');
    const known = objects.get(key) ?? untilWrite.get(key);
    if (known instanceof Error) throw known;
    if (known) return known;
    try {
      const found = run(parameters);
      (parameters.slice(1).every((parameter) => FIXED.test(parameter)) ? objects : untilWrite).set(key, found);
      return found;
    } catch (error) {
      if (error instanceof Error) untilWrite.set(key, error);
      throw error;
    }
  };

  return (parameters, options) => {
    if (READS.has(parameters[0] ?? '')) return read(parameters);
    untilWrite.clear();
    return run(parameters, options);
  };
}
