import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { PoolOptions, PoolRunnerInitializer, PoolWorker, WorkerRequest } from 'vitest/node';

const IN_LAB = resolve(import.meta.dirname, '../../../lab/bin/in-lab.sh');
const KILL_AFTER_MS = 5000;

/** Runs each test file in a process of its own, in the network of a lab that no other file uses meanwhile. */
export function labPool(labs: readonly string[]): PoolRunnerInitializer {
  const free = [...labs];
  const waiting: ((lab: string) => void)[] = [];
  const leases: Leases = {
    take: () => {
      const lab = free.shift();
      return lab === undefined ? new Promise((done) => waiting.push(done)) : Promise.resolve(lab);
    },
    giveBack: (lab) => {
      const next = waiting.shift();
      if (next) next(lab);
      else free.push(lab);
    },
  };
  return { name: 'lab', createPoolWorker: (options) => new LabWorker(options, leases) };
}

interface Leases {
  take(): Promise<string>;
  giveBack(lab: string): void;
}

class LabWorker implements PoolWorker {
  readonly name = 'lab';
  readonly cacheFs = true;
  readonly #options: PoolOptions;
  readonly #leases: Leases;
  #lab: string | undefined;
  #child: ChildProcess | undefined;

  constructor(options: PoolOptions, leases: Leases) {
    this.#options = options;
    this.#leases = leases;
  }

  async start(): Promise<void> {
    // Vitest starts the next file before the process of the last one has ended.
    this.#lab = await this.#leases.take();
    const { distPath, env, execArgv, project } = this.#options;
    const { outputStream, errorStream } = project.vitest.logger;
    this.#child = fork(resolve(distPath, 'workers/forks.js'), [], {
      execPath: IN_LAB,
      execArgv: [process.execPath, ...execArgv],
      env: { ...env, LAB: this.#lab },
      stdio: 'pipe',
      serialization: 'advanced',
    });
    this.#child.stdout?.on('data', (text: Buffer) => outputStream.write(text));
    this.#child.stderr?.on('data', (text: Buffer) => errorStream.write(text));
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      child.kill();
      await ended;
      clearTimeout(timer);
    }
    if (this.#lab !== undefined) this.#leases.giveBack(this.#lab);
    this.#lab = undefined;
    this.#child = undefined;
  }

  send(message: WorkerRequest): void {
    this.#running.send(message);
  }

  on(event: string, callback: (value: unknown) => void): void {
    this.#running.on(event, callback);
  }

  off(event: string, callback: (value: unknown) => void): void {
    this.#child?.off(event, callback);
  }

  deserialize(value: unknown): unknown {
    return value;
  }

  get #running(): ChildProcess {
    if (!this.#child) throw new Error('The process of this test file has not been started.');
    return this.#child;
  }
}
