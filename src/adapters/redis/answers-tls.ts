import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';

const HANDSHAKE_MS = 2000;

/** Whether the other end speaks TLS: a handshake succeeds, or ends with an alert. Nothing else is sent. */
export function answersTls(stream: Duplex): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (answer: boolean): void => {
      clearTimeout(timer);
      stream.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end(false), HANDSHAKE_MS);
    // The certificate does not matter: nothing is sent.
    const socket = connect({ socket: stream, rejectUnauthorized: false });
    socket.once('secureConnect', () => end(true));
    socket.once('error', (error) => end('code' in error && /^ERR_SSL_.*ALERT/.test(String(error.code))));
    socket.once('close', () => end(false));
  });
}
