import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../domain/secret.ts';

const HEADER = /^\$ANSIBLE_VAULT;1\.[12];AES256(?:;[^\n;]*)?$/;

export type OpenedVault = { ok: true; value: string } | { ok: false; message: string };

export function isVault(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;');
}

/**
 * Decrypts Ansible Vault 1.1 and 1.2: AES-256 in counter mode, keys by PBKDF2-HMAC-SHA256 with 10,000 rounds, the
 * ciphertext protected by an HMAC (docs.ansible.com, “Ansible Vault payload format 1.1–1.2”). Messages never contain
 * plain text.
 */
export function openVault(text: string, password: Secret | undefined): OpenedVault {
  if (!password) return bad('is vaulted, and ANSIBLE_VAULT_PASSWORD_FILE is not set');
  const [header = '', ...lines] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim());
  if (!HEADER.test(header)) return bad('is vaulted in a way that is not known: 1.1 and 1.2 with AES256 are');
  const parts = unhex(lines.join(''))?.toString('latin1').split('\n').map(unhex) ?? [];
  const [salt, mac, ciphertext] = parts;
  if (!salt || !mac || !ciphertext || parts.length > 3) return bad('is vaulted, but something of it is missing');
  return decrypted(salt, mac, ciphertext, password);
}

function decrypted(salt: Buffer, mac: Buffer, ciphertext: Buffer, password: Secret): OpenedVault {
  const keys = pbkdf2Sync(password.reveal(), salt, 10_000, 80, 'sha256');
  const expected = createHmac('sha256', keys.subarray(32, 64)).update(ciphertext).digest();
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected))
    return bad('is vaulted with another password than the one in ANSIBLE_VAULT_PASSWORD_FILE, or was changed');
  const decipher = createDecipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64, 80));
  const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  const plain = padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
  try {
    return { ok: true, value: new TextDecoder('utf-8', { fatal: true }).decode(plain) };
  } catch {
    return bad('is vaulted, but is not UTF-8 text');
  }
}

/** Null if not hexadecimal. */
function unhex(text: string): Buffer | null {
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : null;
}

function bad(message: string): OpenedVault {
  return { ok: false, message };
}
