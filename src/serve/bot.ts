import { setTimeout as pause } from 'node:timers/promises';
import { answerCommand } from '../../commands/answer.ts';
import { decide } from '../../commands/approve.ts';
import { decideDrift } from '../../commands/drift-click.ts';
import { clickStop } from '../../commands/stop.ts';
import { GITHUB_REQUESTS, githubWebhook } from '../adapters/github-webhook.ts';
import { probeRoutes } from '../adapters/http-probes.ts';
import { startHttpServer, type Route } from '../adapters/http-server.ts';
import { slackDoor, type SlackDoor } from '../adapters/slack-door.ts';
import { SLACK_REQUESTS } from '../adapters/slack-http.ts';
import { errorReport } from '../report/error-report.ts';
import { followBranch, type BranchFollower } from '../run/follow-branch.ts';
import { watchPullRequests, type PullRequestWatch } from '../run/pull-request-watch.ts';
import { reconciler } from '../run/reconcile.ts';
import { httpPort, needed } from '../settings.ts';
import type { Program } from './program.ts';

/** The HTTP port is there for both halves: probes and metrics. Slack and GitHub knock at the bot’s only. */
export async function startBot(program: Program, takesRequests: boolean): Promise<() => Promise<void>> {
  const { settings, log, metrics } = program;
  const door = takesRequests ? doorOf(program) : null;
  const reviews = takesRequests ? pullRequestsOf(program) : null;
  const branch = takesRequests ? branchOf(program) : null;
  await Promise.all([door?.start(), branch?.begun]);
  const checks = {
    queue: () => program.ping(),
    ...(door
      ? { slack: () => (door.ready() ? Promise.resolve() : Promise.reject(new Error('not connected to Slack'))) }
      : {}),
  };
  const routes: Route[] = [
    ...probeRoutes(checks, metrics, log),
    ...(door ? requestRoutes(door, { reviews, branch }, program) : []),
  ];
  const port = httpPort(settings);
  const server = port === null ? null : await startHttpServer({ port, host: settings.HOST, routes, log });
  // What came between the first look and the open port was told to nobody.
  if (server) branch?.hint();
  if (server) log.info({ port: server.port }, 'listening');
  else log.info({}, 'no port is opened: Slack comes by its socket, GitHub is asked');
  return async () => {
    await door?.stop();
    await Promise.race([Promise.all([reviews?.close(), branch?.close()]), pause(5000, undefined, { ref: false })]);
    await server?.close(5000);
  };
}

/** Null where the configuration is not GitHub’s. */
function branchOf(program: Program): BranchFollower | null {
  const { codeHost, settings, log } = program;
  if (!codeHost) return null;
  const ports = { ...program, codeHost, branch: settings.GITHUB_BRANCH };
  const times = { everyMs: settings.GITHUB_POLL_SECONDS * 1000, settleMs: 1000 };
  return followBranch(reconciler(ports, program.told), times, log);
}

function doorOf(program: Program): SlackDoor {
  const { settings, dress, log, chat, metrics } = program;
  return slackDoor({
    botToken: needed(settings.SLACK_BOT_TOKEN),
    appToken: settings.SLACK_APP_TOKEN,
    signingSecret: settings.SLACK_SIGNING_SECRET,
    apiUrl: settings.SLACK_API_URL,
    dress,
    log,
    whisper: (channel, user, report) => chat.whisper(channel, user, report),
    errorReport,
    onCommand: (command) => answerCommand(command, { ...program, nodes: program.nodesToRead }),
    onApproval: async (click) => {
      const answer = await decide(click, program);
      metrics.approval(answer === null ? click.decision : 'refused');
      return answer;
    },
    onDrift: (click) => decideDrift(click, { ...program, nodes: program.nodesToRead }),
    onStop: (click) => clickStop(click, program),
  });
}

/** Null where the configuration is not GitHub’s: there is nothing to compare a pull request with. */
function pullRequestsOf(program: Program): PullRequestWatch | null {
  const { codeHost, reviews, settings } = program;
  if (!codeHost || !reviews) return null;
  const ports = { ...program, nodes: program.nodesToRead, codeHost, reviews, branch: settings.GITHUB_BRANCH };
  return watchPullRequests(ports, { everyMs: settings.GITHUB_POLL_SECONDS * 1000 });
}

interface Watches {
  reviews: PullRequestWatch | null;
  branch: BranchFollower | null;
}

function requestRoutes(door: SlackDoor, { reviews, branch }: Watches, program: Program): readonly Route[] {
  const slack: Route[] = door.answer
    ? [{ ...SLACK_REQUESTS, method: 'POST', path: '/slack/events', answer: door.answer }]
    : [];
  const { codeHost, settings, metrics } = program;
  const repository = settings.GITHUB_REPOSITORY;
  if (!codeHost || repository === undefined) return slack;
  const webhook = githubWebhook({
    secret: settings.GITHUB_WEBHOOK_SECRET,
    repository,
    branch: settings.GITHUB_BRANCH,
    onReview: (pullRequest) => reviews?.hint(pullRequest),
    onBranch(merge) {
      if (merge) program.told.keep(merge);
      branch?.hint();
    },
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
