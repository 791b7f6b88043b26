import { describe, expect, it } from 'vitest';
import { drainedNote, type Drained } from '../../../src/domain/maintenance/drained.ts';
import { drainedFact } from '../../../src/observed/facts/drained.ts';

const NOTE: Drained = { at: '2025-12-03T14:05:00.000Z', by: 'anna', line: '50', running: '100' };

describe('the note of a drained host', () => {
  it('is read as written', () => {
    expect(drainedFact.parse(`${drainedNote(NOTE)}\n`)).toEqual(NOTE);
    expect(drainedFact.parse(drainedNote({ ...NOTE, line: null, running: null }))).toMatchObject({ line: null });
  });

  it.each([
    [''],
    ['\n'],
    ['{'],
    ['[]'],
    ['{"at":"now","by":"x","line":null,"running":null}'],
    [drainedNote({ ...NOTE, running: '1\nrequirepass x' })],
  ])('is nothing for %j', (text) => {
    expect(drainedFact.parse(text)).toBeNull();
  });
});
