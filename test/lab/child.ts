import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const RUN = `import { runnerImport } from 'vite'; await runnerImport(process.argv[1])`;

/** Runs a module of this folder in a separate process until its first output. Ended by `kill`. */
export async function startChild(module: string, parameters: readonly string[]): Promise<{ kill(): Promise<void> }> {
  const command = ['--input-type=module', '-e', RUN, join(import.meta.dirname, module), ...parameters];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([status]) => Promise.reject(new Error(`${module} ended with ${String(status)}`))),
  ]);
  return {
    async kill() {
      if (child.exitCode !== null) throw new Error(`${module} had ended by itself`);
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
