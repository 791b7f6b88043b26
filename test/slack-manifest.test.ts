import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMANDS } from '../commands/table.ts';

const manifest = z.object({
  features: z.object({ slash_commands: z.array(z.object({ command: z.string(), usage_hint: z.string() })) }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ interactivity: z.object({ is_enabled: z.boolean() }), socket_mode_enabled: z.boolean() }),
});

describe('slack-manifest.yml', () => {
  const file = new URL('../slack-manifest.yml', import.meta.url);
  const { features, oauth_config, settings } = manifest.parse(parse(readFileSync(file, 'utf8')));

  it('has one command that hints at every subcommand', () => {
    const [redis, ...others] = features.slash_commands;
    expect([redis?.command, others]).toEqual(['/redis', []]);
    const hinted = redis?.usage_hint.split(' | ').toSorted();
    expect(hinted).toEqual(COMMANDS.map(({ usage }) => usage.replace('/redis ', '')).toSorted());
  });

  it('requests exactly the permissions that are used', () => {
    expect(oauth_config.scopes.bot.toSorted()).toEqual([
      'channels:read',
      'chat:write',
      'commands',
      'files:write',
      'groups:read',
      'usergroups:read',
      'users:read',
    ]);
    expect([settings.interactivity.is_enabled, settings.socket_mode_enabled]).toEqual([true, true]);
  });
});
