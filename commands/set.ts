import { keepInGit } from '../src/desired/questions.ts';
import { VARIABLES, withFile, type KeptInGit } from '../src/desired/variables/keep-in-git.ts';
import type { DesiredCluster } from '../src/domain/desired.ts';
import { sameValue } from '../src/domain/redis/directive-value.ts';
import { directiveInfo, SECRET_DIRECTIVES } from '../src/domain/redis/directives.ts';
import { ConfigInvalid, RedisopsError } from '../src/domain/error.ts';
import type { Plan } from '../src/domain/plan.ts';
import type { Report } from '../src/domain/report.ts';
import { propose, type Proposal } from '../src/operation.ts';
import { setPullRequest, setReport, type SetChange } from '../src/report/plan/set-report.ts';
import type { Command, CommandPorts, CommandRequest } from '../src/chat/command.ts';
import { desiredOf } from '../src/operation/look.ts';
import { permittedChange, type Check, type Place } from '../src/chat/gate.ts';
import { checkRequester } from '../src/chat/permission.ts';
import { shortened } from '../src/chat/read-text.ts';
import type { OpenPullRequest, PullRequests } from '../src/ports/git.ts';
import type { Askers } from '../src/ports/store.ts';

const usage = '/redis set DIRECTIVE VALUE';

/** Sets nothing on a node: the change goes through Git like any other. */
export const set: Command = {
  name: 'set',
  usage,
  summary: 'Open a pull request that changes a setting, and show its plan',
  async run(request, ports) {
    const [name = '', ...words] = request.operands;
    const directive = directiveOf(name);
    // An accepted value is not secret; a rejected one may be.
    const check: Check = (...asked) => {
      refuseSecret(directive);
      return checkRequester(...asked);
    };
    return permittedChange(`set ${directive}`, request, check, ports, async (place, note) => {
      const report = await ask({ directive, words }, place, request, ports);
      await note('done', { cluster: place.cluster, what: shortened(`set ${directive} ${words.join(' ')}`) });
      return report;
    });
  },
};

/** By its own name, or its variable’s. */
function directiveOf(name: string): string {
  const lower = name.toLowerCase();
  return Object.entries(VARIABLES).find(([, variable]) => variable === lower)?.[0] ?? lower;
}

/**
 * @throws USAGE, NOT_AVAILABLE_YET, CONFIG_INVALID, SET_OVERRULED, GITHUB_FAILED; the code of a blocker caused by the
 * change
 */
async function ask(
  { directive, words }: { directive: string; words: readonly string[] },
  { source, cluster }: Place,
  request: CommandRequest,
  ports: CommandPorts,
): Promise<Report> {
  if (!/^[a-z][a-z0-9-]*$/.test(directive) || words.length === 0)
    throw new RedisopsError('USAGE', 'The directive or its value is missing or invalid.', {
      hint: `Write \`${usage}\`, for example \`/redis set maxmemory 2gb\` or \`/redis set save ""\`.`,
    });
  const value = words.join(' ');
  const { gitHub } = ports;
  if (!gitHub || source.revision === 'working tree')
    throw new RedisopsError('NOT_AVAILABLE_YET', 'The configuration does not come from GitHub.', {
      hint: 'Edit the checkout instead.',
    });

  const name = `redisops/set-${cluster}-${directive}`;
  const open = await gitHub.pullRequests.openFrom(name);
  const from = open ? gitHub.commits.at(open.head) : source;
  const before = await desiredOf(from, cluster, ports);
  const kept = await keepInGit(from, cluster, { directives: new Map([[directive, value]]), master: null }, null);
  const asked = { directive, value };
  const proposal = await propose({ kind: 'converge' }, withFile(from, kept), cluster, ports).catch((error: unknown) => {
    throw error instanceof ConfigInvalid ? valueRefused(asked, kept, error) : error;
  });
  refuseOverruled(directive, value, kept, proposal);
  await refuseBlocked(asked, proposal.plan, () => propose({ kind: 'converge' }, source, cluster, ports));
  const change = { cluster, ...asked, before: valueOf(before, directive), askedBy: request.user };
  const isNews = kept.isChanged && before.nodes.some((node) => !has(node, directive, value));
  const pullRequest = isNews
    ? await offer(change, kept, { name, open, pullRequests: gitHub.pullRequests, revision: from.revision }, ports.store)
    : open;
  return setReport(change, { pullRequest, isNews, wasOpen: open !== null }, proposal.plan);
}

/** Before checking permission: Slack already knows the value. @throws SECRET_IN_CHAT */
function refuseSecret(directive: string): void {
  const isSecret = SECRET_DIRECTIVES.has(directive) || /^redis_(?:password|masterauth)$/.test(directive);
  if (!isSecret) return;
  throw new RedisopsError('SECRET_IN_CHAT', `${directive} is a secret and does not belong in chat.`, {
    hint: 'No changes were made. Put it into the repository, vaulted. Slack has seen this value: choose another one.',
  });
}

interface Asked {
  directive: string;
  value: string;
}

/** What is wrong with the value, for a line that does not exist yet. */
function valueRefused(
  { directive, value }: Asked,
  { path, text }: KeptInGit,
  { problems }: ConfigInvalid,
): RedisopsError {
  const reasons = [...new Set(problems.map(({ message }) => message))];
  const lines = problems
    .filter(({ file }) => file === path)
    .map(({ line }) => text.split('\n')[line - 1]?.trim() ?? '');
  const line = lines.find((each) => each.includes(value));
  return new RedisopsError('CONFIG_INVALID', `${directive} cannot be set: ${reasons.join('; ')}.`, {
    hint: `No pull request was opened.${line === undefined ? '' : ` Its line would be \`${line.slice(0, 100)}\`.`}`,
  });
}

/** No pull request is opened if its merge would be refused; blockers that exist anyway are shown with its plan. */
async function refuseBlocked({ directive, value }: Asked, plan: Plan, present: () => Promise<Proposal>): Promise<void> {
  if (plan.blockers.length === 0) return;
  const { blockers } = (await present()).plan;
  const caused = plan.blockers.filter(
    ({ code, node }) => !blockers.some((each) => each.code === code && each.node === node),
  );
  const [first] = caused;
  if (!first) return;
  const reasons = [...new Set(caused.map(({ message }) => message))];
  throw new RedisopsError(first.code, `${directive} cannot be set to “${shortened(value)}”.\n${reasons.join('\n')}`, {
    hint: `No pull request was opened. ${first.hint}`,
  });
}

/** The change must reach every node: reports host_vars or a template that override it. */
function refuseOverruled(directive: string, value: string, { path }: KeptInGit, { desired }: Proposal): void {
  const others = desired.nodes.filter((node) => !has(node, directive, value));
  if (others.length === 0) return;
  const place = VARIABLES[directive] ?? `redis_config of ${path}`;
  throw new RedisopsError(
    'SET_OVERRULED',
    `${others.map(({ name }) => name).join(', ')} would not get it: host_vars, a child group or your template overrides ${place}.`,
    { hint: 'No changes were made. Change the value where it is set.' },
  );
}

function has({ redisConf }: DesiredCluster['nodes'][number], directive: string, value: string): boolean {
  const said = redisConf.content.get(directive);
  return sameValue(directive, value, said ?? directiveInfo(directive)?.default ?? '');
}

function valueOf({ nodes }: DesiredCluster, directive: string): string | null {
  const values = nodes.map(({ redisConf }) => redisConf.content.get(directive));
  return new Set(values).size === 1 ? (values[0] ?? directiveInfo(directive)?.default ?? null) : null;
}

/** One pull request per directive: asking again changes its value. */
async function offer(
  change: SetChange,
  { path, text }: KeptInGit,
  {
    name,
    open,
    pullRequests,
    revision,
  }: { name: string; open: OpenPullRequest | null; pullRequests: PullRequests; revision: string },
  store: Askers,
): Promise<{ number: number; url: string }> {
  const { title, body } = setPullRequest(change);
  if (!open) {
    const created = await pullRequests.create({ name, revision, path, text, title, body });
    // Without this, nobody could approve the change: its asker would be unknown.
    await store.rememberAsker(created.url, change.askedBy);
    return created;
  }
  await store.rememberAsker(open.url, change.askedBy);
  await pullRequests.addCommit({ name, revision, path, text, title });
  return open;
}
