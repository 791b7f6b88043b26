import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ActionKind } from '../src/domain/action.ts';

const ROOT = resolve(import.meta.dirname, '..');
const STAGES = ['desired', 'observed', 'plan', 'apply', 'verify', 'diagnose', 'report'] as const;
const PURE = ['plan', 'diagnose', 'report'];

/** From the top down: a file may import its own layer and those after it. */
const LAYERS = [
  'root',
  'commands',
  'chat',
  'jobs',
  'run',
  'operation',
  'stages',
  'time',
  'ports',
  'records',
  'domain',
  'jinja',
];

/**
 * The folders of plan/ and apply/, from the top down: a file may import its own folder and later ones; the stage’s own
 * files are above all. A folder in both stages is one topic: plan/ decides, apply/ acts.
 */
const TOPICS: Readonly<Record<string, readonly string[]>> = {
  desired: ['cluster', 'confs', 'plays', 'variables', 'directives', 'inventory', 'rules', 'yaml', 'source'],
  plan: [
    'drift',
    'purge',
    'converge',
    'drain',
    'drill',
    'failover',
    'guards',
    'preflight',
    'hand-over',
    'restart',
    'unit',
    'host',
    'sentinel',
    'directives',
    'synchronize',
    'roles',
    'adopt',
  ],
  apply: [
    'purge',
    'drain',
    'failover',
    'switchover',
    'hand-over',
    'restart',
    'unit',
    'host',
    'directives',
    'synchronize',
    'sentinel',
    'node',
  ],
};

/** Where each kind of action is planned and carried out: plan/TOPIC/FILE makes it, apply/TOPIC/FILE runs it. */
const TWINS: Readonly<Record<ActionKind, string>> = {
  'install-package': 'host/install-package',
  'make-directory': 'host/make-directory',
  'write-file': 'host/write-file',
  'stop-stray-process': 'unit/stop-stray-process',
  'reset-failed': 'unit/reset-failed',
  'daemon-reload': 'unit/daemon-reload',
  'enable-unit': 'unit/enable',
  'start-unit': 'unit/start',
  'restart-unit': 'restart/restart',
  'config-set': 'directives/config-set',
  'back-up': 'synchronize/back-up',
  replicate: 'synchronize/replicate',
  'await-link': 'synchronize/await-link',
  resync: 'synchronize/resync',
  'hand-over': 'hand-over/hand-over',
  promote: 'failover/promote',
  'move-aside': 'purge/move-aside',
  'delete-aside': 'purge/delete-aside',
  'set-up-sentinel': 'sentinel/set-up',
  'sentinel-set': 'sentinel/set',
  'forget-master': 'sentinel/forget-master',
  'watch-master': 'sentinel/watch-master',
  'reset-sentinel': 'sentinel/reset',
  'await-sentinels': 'sentinel/await',
  'stop-sentinel': 'sentinel/stop',
  'pause-failover': 'sentinel/pause',
  'resume-failover': 'sentinel/resume',
  'note-drained': 'drain/note',
};

function layerOf(file: string): string {
  if (file.startsWith('commands/')) return 'commands';
  if (file.startsWith('src/chat/')) return 'chat';
  if (file.startsWith('jobs/')) return 'jobs';
  if (file.startsWith('src/run/')) return 'run';
  if (file === 'src/operation.ts' || file.startsWith('src/operation/')) return 'operation';
  if (file.startsWith('src/ports/')) return 'ports';
  if (file.startsWith('src/records/')) return 'records';
  if (file.startsWith('src/time/')) return 'time';
  if (file.startsWith('src/domain/')) return 'domain';
  if (file.startsWith('src/jinja/')) return 'jinja';
  if (file.startsWith('src/adapters/')) return 'adapters';
  if (stageOf(file)) return 'stages';
  return 'root';
}

function stageOf(file: string): string | undefined {
  return STAGES.find((stage) => file.startsWith(`src/${stage}/`));
}

/** The folder of plan/ or apply/ that a file is in; -1 for the stage’s own files, undefined elsewhere. */
function topicRank(file: string, stage: string): number | undefined {
  const [, topic, rest] = new RegExp(`^src/${stage}/(?:([^/]+)/)?(.*)$`).exec(file) ?? [];
  if (rest === undefined) return undefined;
  return topic === undefined ? -1 : (TOPICS[stage] ?? []).indexOf(topic);
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

const FILES = ['src', 'commands', 'jobs'].flatMap(sources);

interface Import {
  from: string;
  to: string;
  local: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([\w@.:/-]+)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) => {
    const local = specifier.startsWith('.');
    return { from: file, to: local ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : specifier, local };
  });
}

const IMPORTS = FILES.flatMap(importsOf);
const LOCAL = IMPORTS.filter(({ local }) => local);

function name({ from, to }: Import): string {
  return `${from} → ${to}`;
}

/** Modules loaded with a file before it does anything: neither types nor lazy imports. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  if (!file.endsWith('.ts')) return loaded;
  const text = readFileSync(join(ROOT, file), 'utf8');
  for (const [, to = ''] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm))
    if (to.startsWith('.')) loadedWith(relative(ROOT, resolve(ROOT, dirname(file), to)), loaded);
    else loaded.add(to);
  return loaded;
}

describe('who may import whom', () => {
  it('finds the program', () => {
    expect(FILES.length).toBeGreaterThan(30);
    expect(LOCAL.length).toBeGreaterThan(60);
  });

  it('goes down the layers only', () => {
    const upward = LOCAL.filter(({ from, to }) => {
      const [above, below] = [layerOf(from), layerOf(to)];
      if (above === 'adapters') return !['adapters', 'time', 'ports', 'records', 'domain'].includes(below);
      if (below === 'adapters') return above !== 'root';
      return LAYERS.indexOf(below) < LAYERS.indexOf(above);
    });
    expect(upward.map(name)).toEqual([]);
  });

  it('does not go from one stage to another, but from verify to observed', () => {
    const across = LOCAL.filter(({ from, to }) => {
      const [here, there] = [stageOf(from), stageOf(to)];
      if (!here || !there || here === there) return false;
      return !(here === 'verify' && there === 'observed');
    });
    expect(across.map(name)).toEqual([]);
  });

  it.each(Object.keys(TOPICS))('goes down the topics of %s only', (stage) => {
    const topics = [...new Set(FILES.flatMap((file) => new RegExp(`^src/${stage}/([^/]+)/`).exec(file)?.[1] ?? []))];
    expect(topics.toSorted()).toEqual([...(TOPICS[stage] ?? [])].toSorted());
    const upward = LOCAL.filter(({ from, to }) => {
      const [above, below] = [topicRank(from, stage), topicRank(to, stage)];
      return above !== undefined && below !== undefined && below < above;
    });
    expect(upward.map(name)).toEqual([]);
  });

  it('plans each kind of action in the file of the same name that carries it out', () => {
    const files = Object.values(TWINS).flatMap((twin) => [`src/plan/${twin}.ts`, `src/apply/${twin}.ts`]);
    expect(files.filter((file) => !FILES.includes(file))).toEqual([]);
    const unmade = Object.entries(TWINS).filter(
      ([kind, twin]) => !readFileSync(join(ROOT, `src/plan/${twin}.ts`), 'utf8').includes(`kind: '${kind}'`),
    );
    expect(unmade).toEqual([]);
  });

  it('lets plan, diagnose and report import domain only', () => {
    const impure = LOCAL.filter(({ from, to }) => {
      const stage = stageOf(from);
      return stage !== undefined && PURE.includes(stage) && stageOf(to) !== stage && layerOf(to) !== 'domain';
    });
    expect(impure.map(name)).toEqual([]);
  });

  it('keeps I/O out of the domain and the pure stages', () => {
    // croner only calculates here: it starts a timer only if given a function.
    const allowed = ['node:crypto', 'node:util', 'croner'];
    const impure = IMPORTS.filter(({ from, to, local }) => {
      const pure = layerOf(from) === 'domain' || PURE.includes(stageOf(from) ?? '');
      return pure && !local && !allowed.includes(to);
    });
    expect(impure.map(name)).toEqual([]);
  });

  it('lets records import the domain and zod, and only adapters read them', () => {
    const beside = IMPORTS.filter(({ from, to, local }) => {
      if (layerOf(from) !== 'records') return layerOf(from) !== 'adapters' && layerOf(to) === 'records';
      return local ? !['records', 'domain'].includes(layerOf(to)) : to !== 'zod';
    });
    expect(beside.map(name)).toEqual([]);
  });

  it('keeps the templates of Ansible apart, with one door', () => {
    const [door, allowed] = ['src/jinja/index.ts', ['node:crypto']];
    const isInside = (path: string): boolean => path.startsWith('src/jinja/');
    const outward = IMPORTS.filter(({ from, to }) => isInside(from) && !isInside(to) && !allowed.includes(to));
    const byOtherDoors = LOCAL.filter(({ from, to }) => !isInside(from) && isInside(to) && to !== door);
    expect(outward.map(name)).toEqual([]);
    expect(byOtherDoors.map(name)).toEqual([]);
    expect(LOCAL.some(({ to }) => to === door)).toBe(true);
  });

  it('keeps SDKs in the adapters', () => {
    const sdk = /^(?:@slack\/|@octokit\/|bullmq|ioredis|ssh2|prom-client|pino|undici)/;
    const outside = IMPORTS.filter(({ from, to }) => sdk.test(to) && layerOf(from) !== 'adapters');
    expect(outside.map(name)).toEqual([]);
  });

  it('starts the command line with little: a verb’s own code and libraries are loaded lazily', () => {
    const loaded = [...loadedWith('src/cli.ts')];
    const start = /^(?:node:.*|package\.json|src\/cli\.ts|src\/(?:cli|domain|report)\/.*)$/;
    expect(loaded.filter((file) => !start.test(file))).toEqual([]);
    expect(loaded.length).toBeGreaterThan(10);
  });
});
