import { describe, expect, it } from 'vitest';
import { workflowCommands } from '../../../src/report/text/workflow-commands.ts';

describe('workflowCommands', () => {
  it('escapes what would end a property or the command', () => {
    const at = { file: 'a:b,c%.yml', line: 2, column: 3 };
    expect(workflowCommands([{ level: 'error', message: '50%: a,b\r\n::error::forged', at }])).toBe(
      '::error file=a%3Ab%2Cc%25.yml,line=2,col=3,title=redisops::50%25: a,b%0D%0A::error::forged\n',
    );
  });

  it('includes mistakes without a position', () => {
    expect(workflowCommands([{ level: 'warning', message: 'one' }])).toBe('::warning title=redisops::one\n');
  });
});
