import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBotLab, type BotLab } from './bot-lab.ts';

const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];

/** A person in the channel of a healthy cluster. */
let lab: BotLab;

beforeAll(async () => {
  lab = await openBotLab();
  await lab.merge('Switch replication on', QUICK);
  await lab.ended(0);
});

afterAll(() => lab.close());

describe('a setting from chat', () => {
  it('that would block the plan opens no pull request', async () => {
    const answer = await lab.ask('anna', 'set port 6380');
    expect(answer).toMatch(/port cannot be set to “6380”[^]*redis-01 runs on port 6379[^]*No pull request was opened/);
    expect(answer).toContain('DIRECTIVE_NOT_LIVE');
    const lots = await lab.ask('anna', 'set maxmemory lots');
    expect(lots).toMatch(/maxmemory cannot be set: redis_maxmemory must be a size[^]*redis_maxmemory: "lots"/);
  });

  it('that opens the host says so', async () => {
    const answer = await lab.ask('anna', 'set bind 0.0.0.0');
    expect(answer).toMatch(/pull request #2 sets bind 0\.0\.0\.0/);
    expect(answer).toContain('listens on every address of the host (bind 0.0.0.0): whoever reaches the host');
    expect(answer).not.toContain('is removed');
  });
});
