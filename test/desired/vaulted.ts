import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** A text encrypted like `ansible-vault encrypt`, 1.1. */
export function vaulted(plain: string | Buffer, password: string): string {
  const salt = randomBytes(32);
  const keys = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
  const bytes = Buffer.from(plain);
  const padding = 16 - (bytes.length % 16);
  const cipher = createCipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64, 80));
  const ciphertext = Buffer.concat([
    cipher.update(Buffer.concat([bytes, Buffer.alloc(padding, padding)])),
    cipher.final(),
  ]);
  const mac = createHmac('sha256', keys.subarray(32, 64)).update(ciphertext).digest('hex');
  const payload = Buffer.from(`${salt.toString('hex')}\n${mac}\n${ciphertext.toString('hex')}`).toString('hex');
  return `$ANSIBLE_VAULT;1.1;AES256\n${payload.replaceAll(/.{80}/g, '$&\n')}\n`;
}

/** The same as a variable, like `ansible-vault encrypt_string`. */
export function vaultedVariable(name: string, plain: string, password: string): string {
  const lines = vaulted(plain, password).trim().split('\n');
  return `${name}: !vault |\n${lines.map((line) => `          ${line}`).join('\n')}\n`;
}
