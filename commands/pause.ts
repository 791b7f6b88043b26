import { RedisopsError } from '../src/domain/error.ts';
import { readPauseWords } from '../src/domain/words/pause-words.ts';
import type { Command } from '../src/chat/command.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { noOperands } from '../src/chat/read-text.ts';

const usage = '/redis pause DURATION REASON';
const resumeUsage = '/redis resume';

export const pause: Command = {
  name: 'pause',
  usage,
  summary: 'Hold automatic failover by Sentinel; each Sentinel’s host ends that by itself',
  changes: true,
  run(request, ports) {
    return queueRun(`pause ${request.operands.join(' ')}`.trim(), request, ports, () => {
      const asked = readPauseWords(request.operands);
      if (!asked.ok) throw new RedisopsError('USAGE', asked.message, { hint: `Write \`${usage}\`.` });
      const until = new Date(ports.clock.now().getTime() + asked.forMs).toISOString();
      return { kind: 'pause', until, reason: asked.reason, by: request.handle ?? request.user };
    });
  },
};

export const resume: Command = {
  name: 'resume',
  usage: resumeUsage,
  summary: 'End a pause of automatic failover',
  changes: true,
  run(request, ports) {
    return queueRun('resume', request, ports, () => {
      noOperands(request.operands, resumeUsage);
      return { kind: 'resume' };
    });
  },
};
