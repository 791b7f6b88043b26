import type { Entry } from './value.ts';

/** A mapping while it is being read: a name that comes again keeps its place and gets the new value. */
export class NamedEntries {
  readonly all = new Map<string, Entry>();

  /** Whether the name was there before. */
  set(written: string, entry: Entry): boolean {
    // 1 and "1" are two names with one text.
    const isOther = typeOf(this.all.get(written)) !== typeOf(entry) && this.all.has(written);
    const name = isOther ? `${written}\0` : written;
    const isKnown = this.all.has(name);
    this.all.set(name, isOther ? { key: written, ...entry } : entry);
    return isKnown;
  }
}

function typeOf(entry: Entry | undefined): 'text' | 'other' {
  return entry?.key === undefined || typeof entry.key === 'string' ? 'text' : 'other';
}
