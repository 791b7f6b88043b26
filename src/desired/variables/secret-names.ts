/** Names of secrets, vaulted or not. */
const SECRET = /(?:^|[_-])(?:pass|passwd|password|passphrase|secret|masterauth|requirepass|token)s?$/i;

/** Whether a variable of that name is a secret, wherever it is and whatever it contains. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}
