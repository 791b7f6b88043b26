import { expect, it } from 'vitest';
import { knownHoles } from '../../../src/domain/intrusion/known-holes.ts';

const LUA = 'CVE-2025-49844';
const LOG = 'CVE-2025-32023';

it.each<[string, string | undefined, readonly string[]]>([
  ['7.0.15', undefined, [LUA, LOG]],
  ['7.0.15', '5:7.0.15-1~deb12u1', [LUA, LOG]],
  ['7.0.15', '5:7.0.15-1~deb12u5', [LUA]],
  ['7.0.15', '5:7.0.15-1~deb12u6', []],
  ['7.0.15', '5:7.0.15-1~deb12u11', []],
  // Another Redis than the package’s runs.
  ['7.2.4', '5:7.0.15-1~deb12u6', [LUA, LOG]],
  ['7.2.10', undefined, [LUA]],
  ['7.2.11', undefined, []],
  ['7.4.5', undefined, [LUA]],
  ['8.0.3', undefined, [LUA]],
  ['8.0.2', '5:8.0.2-3', [LUA]],
  ['8.0.2', '5:8.0.2-3+deb13u1', []],
  ['8.2.1', undefined, [LUA]],
  ['8.2.2', undefined, []],
  ['8.4.0', undefined, []],
  ['255.255.255', undefined, []],
  ['unstable', undefined, []],
])('Redis %s of package %s has %j', (version, packaged, expected) => {
  expect(knownHoles(version, packaged).map((hole) => hole.split(' ')[0])).toEqual(expected);
});
