import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const RUN = `import { runnerImport } from 'vite'; await runnerImport(process.argv[1])`;

/** Runs a module of this folder in a separate process, and waits for its first output. */
export async function startChild(
  module: string,
  parameters: readonly string[],
): Promise<{ said: string; kill(): Promise<void> }> {
  const command = ['--input-type=module', '-e', RUN, join(import.meta.dirname, module), ...parameters];
  const child: ChildProcess = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString()));
    child.once('exit', (status) => reject(new Error(`${module} ended with ${status}`)));
  });
  return {
    said,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
