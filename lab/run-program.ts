import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** Exit status; 128 plus the signal’s number if killed by one, as in a shell. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface ProgramOptions {
  stdin?: string;
  timeoutMs?: number;
  environment?: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const SIGNALLED = 128;
const SIGKILL = 9;

/** Runs a program to its end. A nonzero status is a result; failing to start, or to end in time, is an error. */
export function runProgram(argv: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const [program = '', ...parameters] = argv;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    // In its own process group, so that the timeout also kills its children.
    const child = spawn(program, parameters, { env: options.environment ?? process.env, detached: true });
    const output = { stdout: '', stderr: '' };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${program} could not be started: ${error.message}`, { cause: error }));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (late) reject(new Error(`${argv.join(' ')} did not end within ${timeoutMs} ms and was killed.`));
      else resolve({ code: code ?? SIGNALLED + SIGKILL, ...output });
    });
    // A program that reads nothing may end before its input is written; its status tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
  });
}

/** The same for a program that must succeed: its output, or an error with its complaint. */
export async function runOrFail(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runProgram(argv, options);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with status ${code}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}
