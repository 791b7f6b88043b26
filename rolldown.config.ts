import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';

/** Only `serve` loads these. A bot starts once, so they stay packages. */
const ONLY_SERVE = [/^@slack\//, /^@octokit\//, 'pino', 'prom-client', 'undici'];

/** What every verb that reads the repository or the nodes needs. */
const LOOK =
  /\/(?:src\/(?:desired|observed|diagnose|report|settings|operation\/look|cli\/context)|node_modules\/(?:zod|yaml|croner)\/)/;
const CHANGE = /\/src\/(?:plan|apply|verify|operation|records)/;

/** Bundles the command line, and the bot behind `serve`. Replaces what tsc wrote as dist/src/cli.js, some 670 files with its packages. */
const COMMAND_LINE = defineConfig({
  input: 'src/cli.ts',
  platform: 'node',
  external: ONLY_SERVE,
  // ssh2 is CommonJS, and asks for it.
  transform: { define: { __dirname: 'import.meta.dirname' } },
  plugins: [nativeCode(), licenses()],
  logLevel: 'warn',
  // What a verb loads lazily, `serve` loads at once.
  checks: { ineffectiveDynamicImport: false },
  output: {
    dir: 'dist/src',
    entryFileNames: 'cli.js',
    chunkFileNames: 'chunks/[name].js',
    sourcemap: true,
    sourcemapExcludeSources: true,
    comments: { legal: true, annotation: false, jsdoc: false },
    // Few files, as each takes Node a millisecond; and in none much that its verbs do not need.
    codeSplitting: {
      groups: [
        { name: 'start', tags: ['$initial'], test: (id) => !id.endsWith('/src/cli.ts') },
        { name: 'look', test: LOOK, minShareCount: 2 },
        { name: 'change', test: CHANGE, minShareCount: 2 },
      ],
    },
  },
});

/** The program of the thread that reads repositories, beside the chunk that starts it. A bundle of its own: the command line loads none of it. */
const READER = defineConfig({
  input: 'src/serve/reader.ts',
  platform: 'node',
  logLevel: 'warn',
  output: { file: 'dist/src/chunks/reader.js', comments: { legal: true, annotation: false, jsdoc: false } },
});

export default [COMMAND_LINE, READER];

/** ssh2’s compiled cipher, four times as fast as Node’s own through ssh2, is loaded from its package where it was built. */
function nativeCode(): Plugin {
  return {
    name: 'native-code',
    resolveId(source, importer) {
      if (!source.endsWith('.node') || importer === undefined) return null;
      const [, path] = join(importer, '..', source).split('/node_modules/');
      return path === undefined ? null : { id: path, external: true };
    },
  };
}

/** The licenses of the packages in the bundle, which ask to be passed on. */
function licenses(): Plugin {
  return {
    name: 'licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
      const packages = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
      const texts = [...packages].toSorted().flatMap(licensesOf);
      this.emitFile({ type: 'asset', fileName: 'chunks/licenses.txt', source: texts.join('\n') });
    },
  };
}

function licensesOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^licen[cs]e/i.test(name))
    .map((name) => `${basename(folder)}\n\n${readFileSync(join(folder, name), 'utf8')}\n`);
}
