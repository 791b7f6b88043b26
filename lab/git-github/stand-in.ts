import { APP_TOKEN, BOT_TOKEN, startGitGitHub, type GitGitHub } from './server.ts';

/** GitHub as seen by the bot’s tests. */
export interface StandInGitHub {
  url: string;
  repository: string;
  botToken: string;
  webhookSecret: string;
  /** Commits the files to the main branch. */
  commit(files: Readonly<Record<string, string>>, message: string): Promise<string>;
  /** Opens a pull request that changes one file, and optionally others; returns its number. */
  openPullRequest(
    path: string,
    text: string,
    title: string,
    others?: Readonly<Record<string, string>>,
  ): Promise<number>;
  /** Merges like a person; sends the webhook. Returns the merge commit. */
  merge(pullRequest: number): Promise<string>;
  comments(pullRequest: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** And what is behind it. */
export type GitStandIn = StandInGitHub & { git: GitGitHub };

/** @param app Whether the bot authenticates as an App: only then may it write check runs. */
export async function startGitStandIn(options: {
  port: number;
  host?: string;
  webhookUrl: string;
  app: boolean;
}): Promise<GitStandIn> {
  const { app, ...place } = options;
  const git = await startGitGitHub(place);
  const { people, world } = git;
  return {
    git,
    url: git.url,
    repository: git.repository,
    botToken: app ? APP_TOKEN : BOT_TOKEN,
    webhookSecret: git.webhookSecret,
    commit: (files, message) => Promise.resolve(people.push('main', files, message)),
    openPullRequest: (path, text, title, others = {}) =>
      Promise.resolve(people.propose({ title, files: { [path]: text, ...others } })),
    merge: (pullRequest) => Promise.resolve(people.merge(pullRequest)),
    comments: (pullRequest) =>
      Promise.resolve(
        [...world.comments.values()].filter(({ issue }) => issue === pullRequest).map(({ body }) => body),
      ),
    close: () => git.close(),
  };
}
