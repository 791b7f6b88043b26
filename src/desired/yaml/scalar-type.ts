import type { ScalarType } from './value.ts';

const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][\d_]*)|[-+]?0x[\da-fA-F_]+|[-+]?[1-9][\d_]*(?::[0-5]?\d)+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** The types by which PyYAML resolves a plain scalar, in its order (yaml/resolver.py). */
const PLAIN: readonly (readonly [RegExp, ScalarType])[] = [
  [BOOLEAN, 'bool'],
  [FLOAT, 'float'],
  [INTEGER, 'int'],
  [NULL, 'null'],
  [TIMESTAMP, 'timestamp'],
];
const LONGEST = 1000;

/** The type of an unquoted scalar without a tag; undefined for a text. */
export function plainType(source: string): ScalarType | undefined {
  if (source.length > LONGEST) return /^[-+]?\d+$/.test(source) ? 'int' : undefined;
  return PLAIN.find(([pattern]) => pattern.test(source))?.[1];
}

/** The type of an unquoted word in a file that is JSON: Ansible then reads it with Python’s json. */
export function jsonType(source: string): ScalarType {
  if (source === 'true' || source === 'false') return 'bool';
  return source === 'null' ? 'null' : 'json';
}

const TAG = 'tag:yaml.org,2002:';
const TAGGED: Readonly<Record<string, ScalarType | 'str'>> = {
  [`${TAG}str`]: 'str',
  [`${TAG}null`]: 'null',
  [`${TAG}bool`]: 'bool',
  [`${TAG}int`]: 'int',
  [`${TAG}float`]: 'float',
  [`${TAG}timestamp`]: 'timestamp',
  [`${TAG}binary`]: 'binary',
  '!unsafe': 'str',
};

/** The type that a tag gives a scalar; undefined for a tag that Ansible’s loader refuses. */
export function taggedType(tag: string): ScalarType | 'str' | undefined {
  return Object.hasOwn(TAGGED, tag) ? TAGGED[tag] : undefined;
}
