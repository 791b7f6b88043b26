import type { Duplex } from 'node:stream';
import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { Secret } from '../../domain/secret.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { answersTls } from './answers-tls.ts';
import { openRedis } from './redis-link.ts';

/**
 * Redis over a stream that can be opened again. A TLS port hangs up on a plain command without a word: a second stream asks
 * it for TLS.
 * @throws REDIS_TLS, and what `openRedis` does.
 */
export async function openOver(
  open: () => Promise<Duplex>,
  node: NodeAddress,
  password: Secret | undefined,
): Promise<RedisLink> {
  try {
    return await openRedis(await open(), node, password);
  } catch (error) {
    if (!(error instanceof RedisopsError) || error.code !== 'REDIS_CONNECTION_LOST') throw error;
    const isTls = await open().then(answersTls, () => false);
    throw isTls ? tlsOnly(node) : error;
  }
}

function tlsOnly({ name, redisPort }: NodeAddress): RedisopsError {
  return new RedisopsError('REDIS_TLS', `Port ${redisPort} of ${name} speaks TLS, which redisops does not.`, {
    hint: 'Serve plain Redis on redis_port (`port`), on loopback if need be, and TLS on another port (`tls-port`). redisops reaches it through SSH.',
  });
}
