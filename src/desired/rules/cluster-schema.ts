import { z } from 'zod';
import { windowMistake } from '../../domain/run/freeze.ts';
import { DEFAULT_LIMITS } from '../../domain/limits.ts';
import { endpointIn } from '../../domain/entry/entry.ts';
import { realClock } from '../../time/real-clock.ts';

export const CLUSTER_NAME = /^[a-z0-9][a-z0-9-]{0,38}$/;
export const GITHUB_LOGIN = /^[a-z0-9][\w-]{0,60}(?:\[bot\])?$/i;
export const SLACK_USER = /^[UW][A-Z0-9]+$/;

const path = z
  .string()
  .regex(/^[\w.-]+(?:\/[\w.-]+)*$/, 'must be a path inside the repository')
  .refine((value) => !value.split('/').some((part) => part === '.' || part === '..'), 'must not have . or .. in it');
const freezeSchema = z
  .strictObject({
    cron: z.string().describe('When it begins: minute hour day month weekday.'),
    minutes: z.number().int().min(1).max(44_640).describe('How long, in minutes of elapsed time.'),
    timezone: z.string().default('UTC').describe('Of the cron line, like Europe/Berlin.'),
    reason: z
      .string()
      .trim()
      .min(1, 'must say why')
      .max(200)
      .describe('The reason, shown to people whose change is refused.'),
  })
  .superRefine((window, context) => {
    const mistake = windowMistake(window, realClock.now());
    if (mistake !== null) context.addIssue({ code: 'custom', message: mistake });
  });
const person = z.string().regex(/^[USW][A-Z0-9]+$/, 'must be a Slack user (U…) or user group (S…)');

const seconds = (fallbackMs: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,3}[smh]$/, 'must be a time like 90s, 10m or 2h')
    .default(`${fallbackMs / 1000}s`);
/** With descriptions: docs/limits.md is generated from them. */
export const limitsSchema = z.strictObject({
  sync_mbit_per_second: z
    .number()
    .min(1)
    .max(1_000_000)
    .default((DEFAULT_LIMITS.syncBytesPerSecond * 8) / 1_000_000)
    .describe('Megabits a second that a full synchronization can expect of the network. Plans reckon with it.'),
  load_mbyte_per_second: z
    .number()
    .min(1)
    .max(100_000)
    .default(DEFAULT_LIMITS.loadBytesPerSecond / 1_000_000)
    .describe('Megabytes a second that Redis loads of a snapshot. Plans reckon with it.'),
  interruption: seconds(DEFAULT_LIMITS.interruptionMs).describe(
    'How long a replica may be away and should still go on from the backlog. Plans reckon with it.',
  ),
  standstill: seconds(DEFAULT_LIMITS.standstillMs).describe(
    'How long a synchronization, a save, a rewrite or a load may show no progress before its step fails. As long as something moves it may take its time.',
  ),
  start: seconds(DEFAULT_LIMITS.startMs).describe(
    'How long systemd may take to start or restart Redis, which loads its data first; the unit’s TimeoutStartSec counts, too.',
  ),
});

const GROUP = /^[\w-]+$/;

export const entrySchema = z.strictObject({
  addresses: z
    .array(
      z
        .string()
        .refine((address) => endpointIn(address) !== null, 'must be HOST:PORT, an IPv6 address in brackets')
        .describe('HOST:PORT, as the nodes reach it.'),
    )
    .min(1)
    .max(10)
    .describe('Where clients connect: HAProxy, a load balancer, a virtual address.'),
  hosts: z
    .string()
    .regex(GROUP, 'must be a group of the inventory')
    .optional()
    .describe('The group of the inventory whose hosts run HAProxy for this cluster.'),
  socket: z
    .string()
    .regex(/^\/[\w./-]+$/, 'must be an absolute path')
    .default('/run/haproxy/admin.sock')
    .describe('HAProxy’s runtime socket on these hosts (`stats socket … level admin`).'),
});

/** A cluster in `redisops.yml`; the defaults apply to a repository without the file. */
export const clusterSchema = z.strictObject({
  inventory: z
    .union([path, z.array(path).min(1).max(20)])
    .optional()
    .describe(
      'The inventory: `ansible/inventory/hosts.yml`, or `hosts.ini` beside it. A file, a folder of them, or a list, as behind `ansible-playbook -i`.',
    ),
  group: z
    .string()
    .regex(GROUP, 'must be a group of the inventory')
    .default('redis')
    .describe('The group of the inventory that the nodes are in.'),
  group_vars: path.default('ansible/group_vars/redis.yml').describe('The file of the group’s variables.'),
  host_vars: path.default('ansible/host_vars').describe('The folder of the hosts’ variables.'),
  template: path
    .regex(/\.j2$/, 'must be a Jinja template (.j2)')
    .optional()
    .describe('The template of redis.conf; none: redisops writes it from the variables.'),
  sentinel_template: path
    .regex(/\.j2$/, 'must be a Jinja template (.j2)')
    .optional()
    .describe('The template of sentinel.conf; none: redisops writes it from the variables.'),
  entry: entrySchema
    .optional()
    .describe(
      'How clients reach the master, if not by its own address: verified by a write, and led along by a hand-over.',
    ),
  play: z
    .union([path.transform((each) => [each]), z.array(path).max(20)])
    .default([])
    .describe(
      'The playbooks that deploy Redis; none: the one around the inventory whose plays write the template to the group’s hosts.',
    ),
  channel: z
    .string()
    .regex(/^[CGD][A-Z0-9]+$/, 'must be a channel ID (C…)')
    .optional()
    .describe('The Slack channel of the cluster.'),
  requesters: z
    .array(person)
    .default([])
    .describe('Slack users (U…) and user groups (S…) that may ask for changes; empty: everybody in the channel.'),
  approvers: z
    .array(person)
    .default([])
    .describe('Slack users (U…) and user groups (S…) that may approve; empty: everybody but the requester.'),
  allow_own_approval: z.boolean().default(false).describe('Whether people may approve what they asked for.'),
  allow_no_password: z
    .boolean()
    .default(false)
    .describe(
      'Whether other hosts may reach a Redis that has no password. False: a plan that would make one is blocked.',
    ),
  approval_minutes: z
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(30)
    .describe('How many minutes an approval is waited for.'),
  drift: z
    .strictObject({
      every: z
        .string()
        .regex(/^(?:never|[1-9]\d{0,2}[mhd])$/, 'must be a time like 15m, 6h or 1d, or never')
        .default('15m')
        .describe('How often the nodes are compared with Git: 1m to 999d, or never.'),
      apply: z.boolean().default(false).describe('Whether redisops applies Git by itself where nodes differ.'),
    })
    .default({ every: '15m', apply: false })
    .describe('The watch for drift.'),
  wait_for_sentinel: z
    .boolean()
    .default(true)
    .describe('Whether a master that crashed lets Sentinel fail over before it starts again.'),
  hand_back: z.boolean().default(true).describe('Whether a master that was restarted gets its role back.'),
  rollback: z
    .boolean()
    .default(false)
    .describe('Whether a merge whose result is not healthy is rolled back without asking.'),
  direct_pushes: z
    .enum(['apply', 'tell', 'ignore'])
    .default('tell')
    .describe('What becomes of a push without a pull request.'),
  freeze: z.array(freezeSchema).max(50).default([]).describe('Times in which no run that changes something starts.'),
  show_key_names: z
    .boolean()
    .default(false)
    .describe('Whether plans show names of keys that a node would give up; else what kind they are.'),
  may_lose_data: z
    .array(z.string().regex(/^[\w.-]+$/, 'must be a node’s name'))
    .max(100)
    .default([])
    .describe('Nodes whose keys may go at a restart where they cannot be saved.'),
  limits: limitsSchema.default(limitsSchema.parse({})).describe('What plans reckon with, and how long steps wait.'),
});
