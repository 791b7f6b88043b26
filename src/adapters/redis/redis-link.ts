import type { Duplex } from 'node:stream';
import type { Code } from '../../domain/code.ts';
import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { meaningOf } from '../../domain/redis/error-reply.ts';
import { nodeWords } from '../../domain/node-words.ts';
import { Secret } from '../../domain/secret.ts';
import type { Listening, RedisLink, RedisReply } from '../../ports/nodes.ts';
import { NoReply, RedisConnection } from './connection.ts';
import { ErrorReply, type Resp } from './resp.ts';

const COMMAND_TIMEOUT_MS = 5000;
/** Redis’s reply to AUTH if no password is set: access is granted anyway (Redis 7.0, acl.c). */
const NO_PASSWORD_SET = /AUTH <password> called without any password configured/;

/** Replies to the first command that imply access is granted. */
const ANSWERS_ONE_WHO_IS_IN: ReadonlySet<Code> = new Set<Code>([
  'REDIS_LOADING',
  'REDIS_MASTERDOWN',
  'REDIS_MISCONF',
  'REDIS_BUSY',
  'COMMAND_UNAVAILABLE',
]);

/**
 * Redis over any stream, without retries. A node that is loading, or refuses writes, can still be read.
 * @throws REDIS_AUTH_FAILED, REDIS_TIMEOUT, REDIS_CONNECTION_LOST, or the code of an error reply.
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

/** Subscribes to everything that is published. @throws as `openRedis`. */
export async function listenToRedis(
  stream: Duplex,
  node: NodeAddress,
  password: Secret | undefined,
  take: (channel: string, message: string) => void,
): Promise<Listening> {
  const connection = new RedisConnection(stream, COMMAND_TIMEOUT_MS);
  try {
    await authenticate(linkOver(connection, node, password), node, password);
    const reply = await connection.listen('*', take);
    if (reply instanceof ErrorReply) throw errorReply('PSUBSCRIBE', node, reply.message, password ? [password] : []);
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    ended: connection.ended,
    close: () => connection.close(),
    async ping() {
      await connection.ask(['PING']).catch(() => {
        connection.close();
        throw silent('PING', node);
      });
    },
  };
}

async function authenticate(link: RedisLink, node: NodeAddress, password: Secret | undefined): Promise<void> {
  // Without a password in Git, a PING shows whether the node requires one.
  const first = password ? link.command('AUTH', password) : link.command('PING');
  const refusal = await first.then(() => null, asRedisopsError);
  if (refusal === null || NO_PASSWORD_SET.test(refusal.message) || ANSWERS_ONE_WHO_IS_IN.has(refusal.code)) return;
  if (refusal.code !== 'REDIS_AUTH_FAILED') throw refusal;
  const message = password
    ? `Redis on ${node.name} refuses the password in Git, or its default user is disabled.`
    : `Redis on ${node.name} needs a password, and Git has none.`;
  throw new RedisopsError('REDIS_AUTH_FAILED', message, { hint: refusal.hint });
}

function linkOver(connection: RedisConnection, node: NodeAddress, password: Secret | undefined): RedisLink {
  const secrets = password ? [password] : [];
  /** Redis’s reply; error replies are thrown. */
  const ask = async (words: readonly string[], hidden: readonly Secret[]): Promise<RedisReply> => {
    const [name = ''] = words;
    const reply = await connection.ask(words).catch((error: unknown) => {
      throw error instanceof NoReply ? silent(name, node) : lost(name, node);
    });
    return replyOf(reply, (message) => errorReply(name, node, message, hidden));
  };
  return {
    async command(name, ...parameters) {
      const plain = parameters.map((parameter) => (parameter instanceof Secret ? parameter.reveal() : parameter));
      return ask([name, ...plain], [...secrets, ...parameters.filter((parameter) => parameter instanceof Secret)]);
    },
    async transaction(commands) {
      const queued = [['MULTI'], ...commands].map((words) => ask(words, secrets));
      const [answers, ...queueing] = await Promise.allSettled([ask(['EXEC'], secrets), ...queued]);
      if (answers.status === 'fulfilled') return Array.isArray(answers.value) ? answers.value : [];
      // EXEC only says that some command was not queued.
      throw queueing.find((each) => each.status === 'rejected')?.reason ?? answers.reason;
    },
    close: () => connection.close(),
  };
}

/** @throws what `failed` makes of an error reply, at any depth. */
function replyOf(reply: Resp, failed: (message: string) => RedisopsError): RedisReply {
  if (reply instanceof ErrorReply) throw failed(reply.message);
  return typeof reply === 'object' && reply !== null ? reply.map((each) => replyOf(each, failed)) : reply;
}

function errorReply(command: string, node: NodeAddress, reply: string, hidden: readonly Secret[]): RedisopsError {
  const { code, hint } = meaningOf(reply);
  return new RedisopsError(code, `Redis on ${node.name} answered ${command}: ${nodeWords(reply, hidden)}`, { hint });
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
