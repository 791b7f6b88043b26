import { trimmed } from '../../domain/text/trim.ts';
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { parse, resolve } from 'node:path';
import { RedisopsError } from '../../domain/error.ts';
import { Secret } from '../../domain/secret.ts';

const TIME_LIMIT_MS = 10_000;

/** As `readVaultPassword`; undefined if no file is set. @throws SETTINGS_INVALID */
export async function vaultPasswordIn(file: string | undefined): Promise<Secret | undefined> {
  return file === undefined ? undefined : readVaultPassword(file);
}

/**
 * The password of Ansible Vault, read as Ansible reads ANSIBLE_VAULT_PASSWORD_FILE: the file’s text, or its output if
 * executable. A script named `…-client` gets the vault ID `default`.
 * @throws SETTINGS_INVALID
 */
export async function readVaultPassword(file: string): Promise<Secret> {
  const password = (await isExecutable(file)) ? trimmed(await printed(file), '\r\n') : (await read(file)).trim();
  if (password === '') throw invalid(file, 'gives no password');
  return new Secret(password);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw invalid(file, 'cannot be read', cause);
  });
}

function printed(file: string): Promise<string> {
  const parameters = parse(file).name.endsWith('-client') ? ['--vault-id', 'default'] : [];
  return new Promise((done, failed) => {
    // Its output is a password, and its errors may contain one: neither is shown.
    execFile(resolve(file), parameters, { timeout: TIME_LIMIT_MS, maxBuffer: 64 * 1024 }, (error, stdout) => {
      if (error)
        failed(
          invalid(file, error.killed ? `did not end within ${TIME_LIMIT_MS / 1000} s` : 'is executable, but failed'),
        );
      else done(stdout);
    }).stdin?.end();
  });
}

function invalid(file: string, what: string, cause?: unknown): RedisopsError {
  return new RedisopsError('SETTINGS_INVALID', `ANSIBLE_VAULT_PASSWORD_FILE ${what}: ${file}`, {
    cause,
    hint: 'It must be a readable file that contains the password, or an executable that prints it.',
  });
}
