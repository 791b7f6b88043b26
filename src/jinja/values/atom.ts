/** Python’s dates, datetimes and bytes, as YAML files have them: printed and compared, but not computed with. */
export class Atom {
  readonly type: 'date' | 'datetime' | 'bytes';
  /** What a template prints. */
  readonly text: string;
  /** Python’s `str()`. */
  readonly string: string;
  readonly repr: string;

  private constructor(type: Atom['type'], text: string, string: string, repr: string) {
    this.type = type;
    this.text = text;
    this.string = string;
    this.repr = repr;
  }

  /** @param date Year, month, day. */
  static date(date: readonly number[]): Atom {
    return new Atom('date', dateText(date), dateText(date), `datetime.date(${date.join(', ')})`);
  }

  /**
   * @param time Hour, minute, second, microseconds.
   * @param zone Minutes east of UTC; null without a zone.
   */
  static datetime(date: readonly number[], time: readonly number[], zone: number | null): Atom {
    const [hour = 0, minute = 0, second = 0, micro = 0] = time;
    const fraction = micro === 0 ? '' : `.${String(micro).padStart(6, '0')}`;
    const clock = [hour, minute, second].map(two).join(':');
    const text = `${dateText(date)} ${clock}${fraction}${zone === null ? '' : zoneText(zone)}`;
    const shown =
      micro > 0 ? [...date, hour, minute, second, micro] : [...date, hour, minute, ...(second > 0 ? [second] : [])];
    const repr = `datetime.datetime(${shown.join(', ')}${zone === null ? '' : `, tzinfo=${zoneRepr(zone)}`})`;
    return new Atom('datetime', text, text, repr);
  }

  /** Ansible prints bytes as UTF-8 text. */
  static bytes(bytes: Uint8Array): Atom {
    const repr = bytesRepr(bytes);
    return new Atom('bytes', new TextDecoder().decode(bytes), repr, repr);
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function dateText([year = 0, month = 0, day = 0]: readonly number[]): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function zoneText(zone: number): string {
  const size = Math.abs(zone);
  return `${zone < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function zoneRepr(zone: number): string {
  if (zone === 0) return 'datetime.timezone.utc';
  const days = zone < 0 ? 'days=-1, ' : '';
  return `datetime.timezone(datetime.timedelta(${days}seconds=${(zone < 0 ? zone + 1440 : zone) * 60}))`;
}

const ESCAPES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

function bytesRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  const letters = [...bytes].map((byte) => {
    if (byte === quote.charCodeAt(0)) return `\\${quote}`;
    if (ESCAPES[byte] !== undefined) return ESCAPES[byte];
    return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `b${quote}${letters.join('')}${quote}`;
}
