import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface RealRedis {
  /** Path of its Unix socket. */
  socket: string;
  /** A new connection to it. */
  stream(): Socket;
  kill(signal: NodeJS.Signals): void;
  end(): Promise<void>;
}

/** A redis-server on a Unix socket in a folder of its own. Its configuration goes by standard input. */
export async function realRedis(...directives: readonly string[]): Promise<RealRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'redisops-redis-'));
  const socket = join(folder, 's');
  const server = spawn('redis-server', ['-'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  server.stdin.end(['port 0', `unixsocket ${socket}`, 'save ""', ...directives].join('\n'));
  for await (const line of createInterface(server.stdout)) if (/ready to accept/i.test(line)) break;
  return {
    socket,
    stream: () => connect(socket),
    kill: (signal) => void server.kill(signal),
    async end() {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}
