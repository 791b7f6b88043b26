import { describe, expect, it } from 'vitest';
import { markStart } from '../../../src/apply/node/said-at-start.ts';
import { DONE, desiredCluster, fakeNodes, fakeStep } from '../fake-nodes.ts';

const FATAL = '*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***';

/** Reads what a start said, on a node that answers the mark with `marked`, and then with `said`. */
async function reading({ conf = 'logfile /var/log/redis.log\n', marked = '', said = '' }) {
  const asked: (readonly unknown[] | undefined)[] = [];
  const nodes = fakeNodes((_, __, { parameters }) => {
    asked.push(parameters);
    return { ...DONE, stdout: asked.length === 1 ? marked : said };
  });
  const read = await markStart(await fakeStep('redis-01', desiredCluster(['redis-01'], conf), nodes));
  return { result: await read(), asked };
}

describe('what a start said', () => {
  it('is read from where the journal and the log ended before', async () => {
    const { result, asked } = await reading({
      marked: 'cursor s=8862;i=231;b=d437\nsize 4096\n',
      said: `${FATAL}\nCan't open the log file: Is a directory\n-- log\n`,
    });
    expect(asked).toEqual([
      ['/var/log/redis.log'],
      ['redis-server', '/var/log/redis.log', 's=8862;i=231;b=d437', '4096'],
    ]);
    expect(result).toEqual({
      isCause: true,
      text: "FATAL CONFIG FILE ERROR · Can't open the log file: Is a directory",
    });
  });

  it('is read from the beginning where there was no journal and no log', async () => {
    const { result, asked } = await reading({ conf: 'port 6379\n', said: 'Starting it\n-- log\n' });
    expect(asked).toEqual([[''], ['redis-server', '', '', '0']]);
    expect(result).toEqual({ isCause: false, text: 'Starting it' });
  });
});
