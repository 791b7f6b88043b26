import type { Budget } from '../budget.ts';
import { TemplateMistake } from '../mistake.ts';
import { compareOrder } from './operators.ts';
import { floatText, typeName } from './python-text.ts';
import { Atom } from './atom.ts';
import { Dict, List, Undefined, type Value } from './value.ts';

export interface JsonStyle {
  /** Spaces per level; null for one line. */
  indent: number | null;
  sortsKeys: boolean;
  ascii: boolean;
  itemSeparator: string;
  keySeparator: string;
}

const DEEPEST = 60;

/** Python’s `json.dumps`. */
export function jsonText(value: Value, style: JsonStyle, budget: Budget): string {
  return budget.text(written(value, 0));

  function written(each: Value, depth: number): string {
    budget.spend();
    if (depth > DEEPEST) throw new TemplateMistake('is nested too deeply');
    if (each === null) return 'null';
    if (typeof each === 'boolean') return String(each);
    if (typeof each === 'bigint') return String(each);
    if (typeof each === 'number') return float(each);
    if (typeof each === 'string') return stringOf(each, style.ascii);
    if (each instanceof Undefined) throw each.mistake();
    if (each instanceof Atom && each.type !== 'bytes') return stringOf(each.text.replace(' ', 'T'), style.ascii);
    if (each instanceof List && each.kind !== 'view' && each.kind !== 'range' && each.kind !== 'set')
      return enclosed(
        '[',
        ']',
        each.items.map((item) => written(item, depth + 1)),
        depth,
      );
    if (!(each instanceof Dict)) throw new TemplateMistake(`makes JSON of ${typeName(each)}`);
    const entries = [...each.entries()];
    const ordered = style.sortsKeys ? entries.toSorted(([a], [b]) => compareOrder(a, b, budget)) : entries;
    const lines = ordered.map(
      ([key, item]) => `${stringOf(keyText(key), style.ascii)}${style.keySeparator}${written(item, depth + 1)}`,
    );
    return enclosed('{', '}', lines, depth);
  }

  function enclosed(open: string, close: string, parts: readonly string[], depth: number): string {
    if (parts.length === 0) return open + close;
    const pad = style.indent === null ? '' : `\n${' '.repeat(style.indent * (depth + 1))}`;
    const end = style.indent === null ? '' : `\n${' '.repeat(style.indent * depth)}`;
    budget.length(parts.reduce((sum, part) => sum + part.length + pad.length + 2, 0));
    return `${open}${pad}${parts.join(`${style.itemSeparator}${pad}`)}${end}${close}`;
  }
}

function float(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity';
}

function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (typeof key === 'boolean' || typeof key === 'bigint') return String(key);
  if (typeof key === 'number') return float(key);
  throw new TemplateMistake('makes JSON of a mapping whose key is no text');
}

/** JSON.stringify escapes the same as Python except DEL and, with `ascii`, all beyond it. */
function stringOf(text: string, ascii: boolean): string {
  const escaped = JSON.stringify(text).replaceAll(/\\u([\da-f]{4})/g, (all) => all.toLowerCase());
  if (!ascii) return escaped;
  return escaped.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
