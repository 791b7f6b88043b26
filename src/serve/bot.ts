import { commandNamed } from '../../commands/table.ts';
import { answerCommand } from '../chat/answer.ts';
import { answerClick } from '../chat/answer-click.ts';
import { GITHUB_REQUESTS, githubWebhook } from '../adapters/github/webhook.ts';
import { probeRoutes } from '../adapters/http/probes.ts';
import { startHttpServer, type HttpServer, type Route } from '../adapters/http/server.ts';
import { slackDoor, type SlackDoor } from '../adapters/slack/door.ts';
import { SLACK_REQUESTS } from '../adapters/slack/http.ts';
import { errorReport } from '../report/error-report.ts';
import { httpPort, needed } from '../settings.ts';
import type { Program } from './program.ts';
import { watchRepository, type RepositoryWatch } from './watch-repository.ts';
import { atMost } from '../time/within.ts';

/** Both halves open the HTTP port, for probes and metrics. Only the bot receives Slack and GitHub. */
export async function startBot(program: Program, takesRequests: boolean): Promise<() => Promise<void>> {
  const door = takesRequests ? doorOf(program) : null;
  const watches = takesRequests
    ? program.repositories.all.flatMap((repository) => watchRepository(repository, program) ?? [])
    : [];
  let server: HttpServer | null = null;
  const stop = async (): Promise<void> => {
    await door?.stop();
    const closed = watches.flatMap(({ pullRequests, mergeGroups, branch }) => [
      pullRequests.close(),
      mergeGroups.close(),
      branch.close(),
    ]);
    await atMost(5000, Promise.all(closed));
    await server?.close(5000);
  };
  try {
    server = await open(program, door, watches);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** Null if no port is opened. */
async function open(
  program: Program,
  door: SlackDoor | null,
  watches: readonly RepositoryWatch[],
): Promise<HttpServer | null> {
  const { settings, log, metrics } = program;
  await Promise.all([door?.start(), ...watches.map(({ branch }) => branch.begun)]);
  const checks = {
    queue: () => program.ping(),
    ...(door
      ? { slack: () => (door.ready() ? Promise.resolve() : Promise.reject(new Error('not connected to Slack'))) }
      : {}),
  };
  const routes: Route[] = [
    ...probeRoutes(checks, metrics, log),
    ...(door ? requestRoutes(door, watches, program) : []),
  ];
  const port = httpPort(settings);
  const server = port === null ? null : await startHttpServer({ port, host: settings.HOST, routes, log });
  // Hints between the first look and the open port were lost.
  if (server) for (const { branch } of watches) branch.hint();
  if (server) log.info({ port: server.port }, 'listening');
  else log.info({}, 'no port is open: Slack uses Socket Mode, GitHub is polled');
  return server;
}

function doorOf(program: Program): SlackDoor {
  const { settings, dress, egress, log, chat, metrics } = program;
  return slackDoor({
    botToken: needed(settings.SLACK_BOT_TOKEN),
    appToken: settings.SLACK_APP_TOKEN,
    signingSecret: settings.SLACK_SIGNING_SECRET,
    apiUrl: settings.SLACK_API_URL,
    egress,
    dress,
    log,
    whisper: (channel, user, report) => chat.whisper(channel, user, report),
    errorReport,
    onCommand: (command) => answerCommand(command, commandNamed, { ...program, nodes: program.nodesToRead }),
    onClick: async (clicked) => {
      const answer = await answerClick(clicked, { ...program, nodes: program.nodesToRead });
      const { click } = clicked;
      if (click.kind === 'approval') metrics.approval(answer === null ? click.decision : 'refused');
      return answer;
    },
  });
}

function requestRoutes(door: SlackDoor, watches: readonly RepositoryWatch[], program: Program): readonly Route[] {
  const slack: Route[] = door.answer
    ? [{ ...SLACK_REQUESTS, method: 'POST', path: '/slack/events', answer: door.answer }]
    : [];
  if (watches.length === 0) return slack;
  const { settings, metrics } = program;
  const webhook = githubWebhook({
    secret: settings.GITHUB_WEBHOOK_SECRET,
    repositories: watches.map(({ name, announced, pullRequests, mergeGroups, branch }) => ({
      repository: name,
      branch: settings.GITHUB_BRANCH,
      onPullRequest: (pullRequest) => pullRequests.hint(pullRequest),
      onMergeGroup: () => mergeGroups.hint(),
      onBranch(merge) {
        if (merge) announced.keep(merge);
        branch.hint();
      },
    })),
  });
  const route: Route = {
    ...GITHUB_REQUESTS,
    method: 'POST',
    path: '/github/webhooks',
    async answer(request) {
      const { outcome, ...answer } = await webhook(request);
      metrics.webhook('github', outcome);
      return answer;
    },
  };
  return [...slack, route];
}
