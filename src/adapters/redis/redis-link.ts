import type { Duplex } from 'node:stream';
import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { nodeWords } from '../../domain/text/node-words.ts';
import { Secret } from '../../domain/secret.ts';
import type { RedisLink, RedisReply } from '../../ports/nodes.ts';
import { NoReply, RedisConnection } from './connection.ts';
import { ErrorReply, type Resp } from './resp.ts';

const COMMAND_TIMEOUT_MS = 5000;
/** What Redis answers to AUTH where no password is set: we are in all the same (Redis 7.0, acl.c). */
const NO_PASSWORD_SET = /AUTH <password> called without any password configured/;

/**
 * Redis over any stream, no retries. A node that is loading, or refuses writes, can still be read.
 * @throws REDIS_AUTH_FAILED, REDIS_TIMEOUT, REDIS_CONNECTION_LOST or REDIS_ERROR.
 */
export async function openRedis(
  stream: Duplex,
  node: NodeAddress,
  password: Secret | undefined,
  commandTimeoutMs: number = COMMAND_TIMEOUT_MS,
): Promise<RedisLink> {
  const link = linkOver(new RedisConnection(stream, commandTimeoutMs), node, password);
  try {
    await authenticate(link, node, password);
    return link;
  } catch (error) {
    link.close();
    throw error;
  }
}

async function authenticate(link: RedisLink, node: NodeAddress, password: Secret | undefined): Promise<void> {
  try {
    // Without a password in Git, a PING shows whether the node wants one.
    await (password ? link.command('AUTH', password) : link.command('PING'));
  } catch (error) {
    if (!(error instanceof RedisopsError) || error.code !== 'REDIS_ERROR') throw error;
    if (NO_PASSWORD_SET.test(error.message) || /: (?:-?LOADING|-?MASTERDOWN) /.test(error.message)) return;
    if (!/WRONGPASS|NOAUTH|invalid password/.test(error.message)) throw error;
    const message = password
      ? `Redis on ${node.name} refuses the password in Git.`
      : `Redis on ${node.name} needs a password, and Git has none.`;
    throw new RedisopsError('REDIS_AUTH_FAILED', message, {
      hint: 'Check redis_password. Changing a password in use is not available yet.',
    });
  }
}

function linkOver(connection: RedisConnection, node: NodeAddress, password: Secret | undefined): RedisLink {
  const secrets = password ? [password] : [];
  /** What Redis answers; its errors are thrown. */
  const ask = async (words: readonly string[], hidden: readonly Secret[]): Promise<RedisReply> => {
    const [name = ''] = words;
    const reply = await connection.ask(words).catch((error: unknown) => {
      throw error instanceof NoReply ? silent(name, node) : lost(name, node);
    });
    return replyOf(reply, (message) => errorReply(name, node, nodeWords(message, hidden)));
  };
  return {
    async command(name, ...parameters) {
      const plain = parameters.map((parameter) => (parameter instanceof Secret ? parameter.reveal() : parameter));
      return ask([name, ...plain], [...secrets, ...parameters.filter((parameter) => parameter instanceof Secret)]);
    },
    async transaction(commands) {
      // Of one that was not queued, EXEC says that it carried nothing out.
      const queued = [['MULTI'], ...commands].map((words) => ask(words, secrets));
      const [answers] = await Promise.all([ask(['EXEC'], secrets), Promise.allSettled(queued)]);
      return Array.isArray(answers) ? answers : [];
    },
    close: () => connection.close(),
  };
}

/** @throws what `failed` makes of an error reply, wherever it stands. */
function replyOf(reply: Resp, failed: (message: string) => RedisopsError): RedisReply {
  if (reply instanceof ErrorReply) throw failed(reply.message);
  return typeof reply === 'object' && reply !== null ? reply.map((each) => replyOf(each, failed)) : reply;
}

function errorReply(command: string, node: NodeAddress, words: string): RedisopsError {
  return new RedisopsError('REDIS_ERROR', `Redis on ${node.name} answered ${command}: ${words}`, {
    hint: 'This is Redis’s own error. Its log may say more.',
  });
}

function silent(command: string, node: NodeAddress): RedisopsError {
  return new RedisopsError('REDIS_TIMEOUT', `Redis on ${node.name} did not answer ${command} in time.`, {
    hint: 'Redis may hang, or a command or a fork may block it. Check its log and load.',
  });
}

function lost(command: string, node: NodeAddress): RedisopsError {
  return new RedisopsError('REDIS_CONNECTION_LOST', `The connection to Redis on ${node.name} was lost (${command}).`, {
    hint: 'Check that Redis is running, and its log.',
  });
}
