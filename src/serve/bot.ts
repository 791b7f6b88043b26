import { commandNamed } from '../../commands/table.ts';
import { answerCommand } from '../chat/answer.ts';
import { answerClick } from '../chat/answer-click.ts';
import { GITHUB_REQUESTS, githubWebhook } from '../adapters/github/webhook.ts';
import type { Metrics } from '../adapters/http/metrics.ts';
import { probeRoutes } from '../adapters/http/probes.ts';
import type { HttpServer, Route } from '../adapters/http/server.ts';
import { membersOnly } from '../chat/members-only.ts';
import { slackMembers } from '../adapters/slack/members.ts';
import { slackCheck } from '../adapters/slack/check.ts';
import { slackDoor, type SlackDoor } from '../adapters/slack/door.ts';
import { SLACK_REQUESTS } from '../adapters/slack/http.ts';
import { RedisopsError } from '../domain/error.ts';
import { errorReport } from '../report/error-report.ts';
import { needed } from '../settings.ts';
import { openPorts } from './open-ports.ts';
import type { ServeOptions } from './options.ts';
import type { Program } from './program.ts';
import { watchReadiness, type Checks, type Readiness } from './readiness.ts';
import { watchRepository, type RepositoryWatch } from './watch-repository.ts';
import { atMost } from '../time/within.ts';

/** Milliseconds for what is just being answered, on shutdown. */
const STOP_MS = 3000;
/** Milliseconds that the first look at GitHub may hold up the port. */
const BEGIN_MS = 3000;

/** Both halves open ports for probes and metrics. Only the bot receives Slack and GitHub. */
export async function startBot(program: Program, { only }: Pick<ServeOptions, 'only'>): Promise<() => Promise<void>> {
  const takesRequests = only !== 'worker';
  const door = takesRequests ? doorOf(program) : null;
  const watches = takesRequests
    ? program.repositories.all.flatMap((repository) => watchRepository(repository, program) ?? [])
    : [];
  let readiness: Readiness | null = null;
  let servers: readonly HttpServer[] = [];
  const stop = async (): Promise<void> => {
    const closed = watches.flatMap(({ pullRequests, mergeGroups, branch }) => [
      pullRequests.close(),
      mergeGroups.close(),
      branch.close(),
    ]);
    const ends = [
      ...(door ? [door.stop(STOP_MS)] : []),
      ...(readiness ? [readiness.close()] : []),
      ...closed,
      ...servers.map((server) => server.close(STOP_MS)),
    ];
    await atMost(STOP_MS, Promise.allSettled(ends));
  };
  try {
    // GitHub may be away; requests are taken all the same.
    const begun = atMost(BEGIN_MS, Promise.all(watches.map(({ branch }) => branch.begun)));
    await Promise.all([door?.start(), begun]);
    readiness = watchReadiness(checksOf(program, door), { only: only ?? 'bot and worker' }, program);
    const probes = probeRoutes(readiness.checks, program.metrics, program.log);
    const requests = door ? requestRoutes(door, watches, program) : [];
    servers = await openPorts(program.settings, { probes, requests }, program.log);
    // Hints between the first look and the open port were lost.
    for (const { branch } of watches) branch.hint();
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** What the program needs from outside. */
function checksOf(program: Program, door: SlackDoor | null): Checks {
  const { settings, egress, repositories } = program;
  const { SLACK_CHANNEL: channel, SLACK_API_URL: apiUrl, GITHUB_BRANCH: branch } = settings;
  const slack = slackCheck({ botToken: needed(settings.SLACK_BOT_TOKEN), apiUrl, egress }, needed(channel));
  return {
    queue: () => program.ping(),
    audit: () => program.checkAudit(),
    async slack() {
      await slack();
      if (door && !door.ready()) throw notConnected();
    },
    async github() {
      await Promise.all(repositories.all.flatMap(({ gitHub }) => (gitHub ? [gitHub.commits.head(branch)] : [])));
      await repositories.clusters();
    },
    ssh: async () => program.nodes.checkHere?.(),
  };
}

function notConnected(): RedisopsError {
  return new RedisopsError('SLACK_FAILED', 'Socket Mode is not connected.', {
    hint: 'It is retried. Check SLACK_APP_TOKEN, and the network to Slack.',
  });
}

function doorOf(program: Program): SlackDoor {
  const { settings, dress, egress, log, chat, metrics } = program;
  const members = slackMembers({
    botToken: needed(settings.SLACK_BOT_TOKEN),
    apiUrl: settings.SLACK_API_URL,
    egress,
    log,
  });
  return slackDoor({
    botToken: needed(settings.SLACK_BOT_TOKEN),
    appToken: settings.SLACK_APP_TOKEN,
    signingSecret: settings.SLACK_SIGNING_SECRET,
    apiUrl: settings.SLACK_API_URL,
    egress,
    dress,
    log,
    refused: () => metrics.webhook('slack', 'refused'),
    whisper: (channel, user, report) => chat.whisper(channel, user, report),
    errorReport,
    onCommand: (command) => {
      const { place, text: what } = command;
      return membersOnly({ person: command, place, what }, members, program, () =>
        answerCommand(command, commandNamed, { ...program, nodes: program.nodesToRead }),
      );
    },
    onClick: async (clicked) => {
      const { click, place } = clicked;
      const answer = await membersOnly({ person: clicked, place, what: `click ${click.kind}` }, members, program, () =>
        answerClick(clicked, { ...program, nodes: program.nodesToRead }),
      );
      if (click.kind === 'approval') metrics.approval(answer === null ? click.decision : 'refused');
      return answer;
    },
  });
}

function requestRoutes(door: SlackDoor, watches: readonly RepositoryWatch[], program: Program): readonly Route[] {
  const slack: Route[] = door.answer
    ? [{ ...SLACK_REQUESTS, method: 'POST', path: '/slack/events', answer: counted(door.answer, program.metrics) }]
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

function counted(answer: Route['answer'], metrics: Metrics): Route['answer'] {
  return async (request) => {
    const answered = await answer(request);
    metrics.webhook('slack', answered.status < 300 ? 'accepted' : answered.status === 404 ? 'ignored' : 'refused');
    return answered;
  };
}
