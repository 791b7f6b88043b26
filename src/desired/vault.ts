import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { RedisopsError } from '../domain/error.ts';
import { Secret } from '../domain/secret.ts';

const HEADER = /^\$ANSIBLE_VAULT;1\.[12];AES256(?:;[^\n;]*)?$/;

export function isVault(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;');
}

/**
 * Decrypts Ansible Vault 1.1 and 1.2: AES-256 in counter mode, keys by PBKDF2-HMAC-SHA256 with 10,000 rounds, the
 * ciphertext under an HMAC (docs.ansible.com, “Ansible Vault payload format 1.1–1.2”).
 * @throws CONFIG_INVALID, which never holds plain text.
 */
export function decryptVault(text: string, password: Secret): Secret {
  const [header = '', ...lines] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim());
  if (!HEADER.test(header)) throw undecipherable('is vaulted in a way that is not known (1.1 and 1.2 with AES256 are)');
  const [salt, mac, ciphertext] = unhex(lines.join('')).toString('latin1').split('\n').map(unhex);
  if (!salt || !mac || !ciphertext) throw undecipherable('is vaulted, but its payload is torn');

  const keys = pbkdf2Sync(password.reveal(), salt, 10_000, 80, 'sha256');
  const expected = createHmac('sha256', keys.subarray(32, 64)).update(ciphertext).digest();
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected))
    throw undecipherable('is vaulted with another password');
  const decipher = createDecipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64, 80));
  const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  return new Secret(padded.subarray(0, padded.length - padding).toString('utf8'));
}

function unhex(text: string): Buffer {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) throw undecipherable('is vaulted, but its payload is not hexadecimal');
  return Buffer.from(text, 'hex');
}

function undecipherable(message: string): RedisopsError {
  return new RedisopsError('CONFIG_INVALID', message, { hint: 'Check ANSIBLE_VAULT_PASSWORD_FILE and the value.' });
}
