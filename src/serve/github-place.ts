import { readFile } from 'node:fs/promises';
import type { Egress } from '../adapters/http/egress.ts';
import type { GitHubIdentity, GitHubSettings } from '../adapters/github/client.ts';
import { RedisopsError } from '../domain/error.ts';
import { Secret } from '../domain/secret.ts';
import { needed, repositoriesOf, type Settings } from '../settings.ts';

/**
 * One per repository; none if the configuration is not on GitHub. @throws SETTINGS_INVALID if the App’s key cannot be
 * read
 */
export async function gitHubOf(settings: Settings, egress: Egress | undefined): Promise<readonly GitHubSettings[]> {
  const names = repositoriesOf(settings);
  if (names.length === 0) return [];
  const identity = await identityOf(settings);
  const { GITHUB_BRANCH: branch, GITHUB_API_URL: apiUrl } = settings;
  return names.map((repository) => ({ repository, branch, identity, apiUrl, egress }));
}

async function identityOf(settings: Settings): Promise<GitHubIdentity> {
  const { GITHUB_TOKEN: token, GITHUB_APP_ID: appId, GITHUB_PRIVATE_KEY_FILE: file } = settings;
  if (appId === undefined || file === undefined) return { kind: 'token', token: needed(token) };
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RedisopsError('SETTINGS_INVALID', `GITHUB_PRIVATE_KEY_FILE cannot be read: ${file}`, {
      cause,
      hint: 'It must be the GitHub App’s private key, in PEM.',
    });
  });
  return { kind: 'app', appId, privateKey: new Secret(pem) };
}
