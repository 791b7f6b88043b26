import { stat } from 'node:fs/promises';

export interface SecretFiles {
  SSH_PRIVATE_KEY_FILE?: string | undefined;
  GITHUB_PRIVATE_KEY_FILE?: string | undefined;
  ANSIBLE_VAULT_PASSWORD_FILE?: string | undefined;
}

/**
 * Files with secrets that other users of this machine can read, as sentences. Like ssh, only the user’s own files count:
 * in a container, secrets are often root’s and readable by a group.
 */
export async function readableFiles(files: SecretFiles): Promise<readonly string[]> {
  const { SSH_PRIVATE_KEY_FILE, GITHUB_PRIVATE_KEY_FILE, ANSIBLE_VAULT_PASSWORD_FILE } = files;
  const named = Object.entries({ SSH_PRIVATE_KEY_FILE, GITHUB_PRIVATE_KEY_FILE, ANSIBLE_VAULT_PASSWORD_FILE });
  const said = await Promise.all(
    named.map(async ([setting, file]) => (file === undefined ? null : warningOf(setting, file))),
  );
  return said.filter((warning) => warning !== null);
}

/** Null if nobody else can read it, or if it is missing, which is reported where it is read. */
async function warningOf(setting: string, file: string): Promise<string | null> {
  const found = await stat(file).catch(() => null);
  if (!found || found.uid !== process.getuid?.() || (found.mode & 0o077) === 0) return null;
  // A script that prints the vault’s password holds none.
  if (setting === 'ANSIBLE_VAULT_PASSWORD_FILE' && (found.mode & 0o111) !== 0) return null;
  const mode = (found.mode & 0o777).toString(8);
  return `${setting}: other users can read ${file} (mode ${mode}). Run \`chmod 600 ${file}\`.`;
}
