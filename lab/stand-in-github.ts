import { Octokit } from '@octokit/rest';
import { createEmulator } from 'emulate';

const OWNER = 'acme';
const REPOSITORY = 'infra';
const BOT_TOKEN = 'ghp_stand_in_bot';
const HUMAN_TOKEN = 'ghp_stand_in_human';

export interface StandInGitHub {
  url: string;
  repository: string;
  botToken: string;
  webhookSecret: string;
  /** Puts the files on the main branch. */
  commit(files: Readonly<Record<string, string>>, message: string): Promise<string>;
  /** Opens a pull request that changes one file; answers its number. */
  openPullRequest(path: string, text: string, title: string): Promise<number>;
  /** Merges as a person does; the webhook goes out. Answers the merge commit. */
  merge(pullRequest: number): Promise<string>;
  comments(pullRequest: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A stand-in for GitHub’s REST API on this machine, with one repository and a webhook to the bot. */
export async function startGitHub(options: {
  port: number;
  /** The emulator is heard on loopback, whatever is given here. */
  host?: string;
  webhookUrl: string;
}): Promise<StandInGitHub> {
  const emulator = await createEmulator({ service: 'github', port: options.port, seed: seed() });
  const octokit = new Octokit({ auth: HUMAN_TOKEN, baseUrl: emulator.url, log: quiet() });
  const place = { owner: OWNER, repo: REPOSITORY };
  const webhookSecret = 'stand-in-webhook-secret';
  await octokit.rest.repos.createWebhook({
    ...place,
    config: { url: options.webhookUrl, content_type: 'json', secret: webhookSecret },
    events: ['pull_request'],
  });

  const put = async (path: string, text: string, branch: string, message: string): Promise<string> => {
    const present = await octokit.rest.repos.getContent({ ...place, path, ref: branch }).catch(() => null);
    const sha = present && !Array.isArray(present.data) ? { sha: present.data.sha } : {};
    const content = Buffer.from(text).toString('base64');
    const { data } = await octokit.rest.repos.createOrUpdateFileContents({
      ...place,
      path,
      branch,
      message,
      content,
      ...sha,
    });
    return data.commit.sha ?? '';
  };

  return {
    url: emulator.url,
    repository: `${OWNER}/${REPOSITORY}`,
    botToken: BOT_TOKEN,
    webhookSecret,
    async commit(files, message) {
      let head = '';
      for (const [path, text] of Object.entries(files)) head = await put(path, text, 'main', message);
      return head;
    },
    async openPullRequest(path, text, title) {
      const branch = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
      const { data: main } = await octokit.rest.repos.getBranch({ ...place, branch: 'main' });
      await octokit.rest.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: main.commit.sha });
      await put(path, text, branch, title);
      const { data } = await octokit.rest.pulls.create({ ...place, title, head: branch, base: 'main' });
      return data.number;
    },
    async merge(pullRequest) {
      const { data } = await octokit.rest.pulls.merge({ ...place, pull_number: pullRequest, merge_method: 'merge' });
      return data.sha;
    },
    async comments(pullRequest) {
      const { data } = await octokit.rest.issues.listComments({ ...place, issue_number: pullRequest });
      return data.map(({ body }) => body ?? '');
    },
    close: () => emulator.close(),
  };
}

function seed() {
  return {
    tokens: {
      [BOT_TOKEN]: { login: 'redisops-bot', scopes: ['repo'] },
      [HUMAN_TOKEN]: { login: 'alice', scopes: ['repo'] },
    },
    github: {
      users: [{ login: 'alice', name: 'Alice' }, { login: 'redisops-bot' }],
      orgs: [{ login: OWNER, members: ['alice', 'redisops-bot'].map((login) => ({ login, role: 'admin' })) }],
      repos: [{ owner: OWNER, name: REPOSITORY, auto_init: true }],
    },
  };
}

/** Octokit warns of every 404, and the stand-in is asked for files that are not there yet. */
function quiet() {
  const nothing = () => {};
  return { debug: nothing, info: nothing, warn: nothing, error: nothing };
}
