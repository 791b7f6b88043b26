import { describe, expect, it } from 'vitest';
import { pauseNote, type Pause } from '../../../src/domain/sentinel/pause.ts';
import { pauseIn } from '../../../src/observed/sentinel/pause-note.ts';

const PAUSE: Pause = {
  master: 'redis',
  until: '2025-12-03T14:05:00.000Z',
  downAfterMs: 5000,
  by: 'anna',
  reason: 'new "switch"; $(reboot)',
};

describe('the note of a pause', () => {
  it('is read as written, on one line', () => {
    expect(pauseIn(pauseNote(PAUSE))).toEqual(PAUSE);
    expect(pauseNote({ ...PAUSE, reason: 'two\nlines' })).not.toContain('\n');
  });

  it.each([
    ['', null],
    ['{', null],
    ['[]', null],
    ['{"master":"redis"}', null],
    [pauseNote({ ...PAUSE, until: 'tomorrow' }), null],
    [pauseNote({ ...PAUSE, downAfterMs: 0 }), null],
  ])('is nothing for %j', (text, pause) => {
    expect(pauseIn(text)).toBe(pause);
  });

  it('shows nothing that a terminal would obey', () => {
    expect(pauseIn(pauseNote({ ...PAUSE, reason: 'a\u001B[2Jb\u202Ec' }))?.reason).toBe('a [2Jb c');
  });
});
