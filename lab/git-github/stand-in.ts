import type { StandInGitHub } from '../stand-in-github.ts';
import { APP_TOKEN, BOT_TOKEN, startGitGitHub, type GitGitHub } from './server.ts';

/** The stand-in that is backed by Git, as the bot’s tests know stand-ins. */
export type GitStandIn = StandInGitHub & { git: GitGitHub };

/** @param app Whether the bot comes as an App: only then may it write check runs. */
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
    openPullRequest: (path, text, title) => Promise.resolve(people.propose({ title, files: { [path]: text } })),
    merge: (pullRequest) => Promise.resolve(people.merge(pullRequest)),
    comments: (pullRequest) =>
      Promise.resolve(
        [...world.comments.values()].filter(({ issue }) => issue === pullRequest).map(({ body }) => body),
      ),
    close: () => git.close(),
  };
}
