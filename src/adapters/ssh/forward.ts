import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { nodeWords } from '../../domain/node-words.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import { placeOf, serverOf } from '../../domain/server/server.ts';
import { connectionLost } from './error.ts';

const FORWARD_TIMEOUT_MS = 5000;
/** RFC 4254, 5.1. */
const ADMINISTRATIVELY_PROHIBITED = 1;

/**
 * A stream to the node’s Redis port, opened from the node itself. Redis listens on loopback if `bind` includes it,
 * otherwise on the node’s address.
 * @throws REDIS_UNREACHABLE only if both refuse; REDIS_TIMEOUT, SSH_FORWARDING_REFUSED or SSH_UNREACHABLE.
 */
export async function streamToRedis(client: Client, node: NodeAddress): Promise<Duplex> {
  try {
    return await forward(client, node, { host: '127.0.0.1', port: node.redisPort });
  } catch (error) {
    if (!(error instanceof RedisopsError) || error.code !== 'REDIS_UNREACHABLE') throw error;
    return forward(client, node, { host: node.address, port: node.redisPort });
  }
}

/** A stream from the node to an endpoint. @throws as `streamToRedis`. */
export function forward(client: Client, node: NodeAddress, { host, port }: Endpoint): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    let late = false;
    const end = (): void => {
      clearTimeout(timer);
      client.off('close', lost);
    };
    const lost = (): void => {
      end();
      reject(connectionLost(node));
    };
    const timer = setTimeout(() => {
      late = true;
      end();
      reject(silent(node));
    }, FORWARD_TIMEOUT_MS);
    client.once('close', lost);
    try {
      client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
        end();
        if (error) return reject(refusal(node, error));
        stream.on('error', () => {});
        if (late) return void stream.destroy();
        resolve(stream);
      });
    } catch (error) {
      end();
      reject(connectionLost(node, error));
    }
  });
}

function refusal(node: NodeAddress, error: Error): RedisopsError {
  if ('reason' in error && error.reason === ADMINISTRATIVELY_PROHIBITED)
    return new RedisopsError('SSH_FORWARDING_REFUSED', `${node.name} does not allow SSH port forwarding.`, {
      hint: 'sshd_config needs AllowTcpForwarding (local is enough) for the SSH user; PermitOpen may narrow it to Redis’s port.',
    });
  // Only a refusal proves that nothing listens; a timeout or a missing route does not.
  if (!error.message.includes('refused')) return silent(node, nodeWords(error.message));
  return new RedisopsError('REDIS_UNREACHABLE', `Nothing listens on port ${node.redisPort} of ${node.name}.`, {
    hint: `Run \`systemctl status ${node.unit ?? placeOf(serverOf(node)).unit}\` on ${node.name}.`,
  });
}

function silent(node: NodeAddress, why?: string): RedisopsError {
  const detail = why ? `: ${why}` : ' in time';
  return new RedisopsError('REDIS_TIMEOUT', `Port ${node.redisPort} of ${node.name} did not answer${detail}.`, {
    hint: 'Redis may hang. Check its log and load.',
  });
}
