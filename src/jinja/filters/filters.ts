import { quoted } from '../text/quoted.ts';
import type { Filter, Filters } from './filter.ts';
import { DATA_FILTERS } from './data.ts';
import { IP_FILTERS } from './ip.ts';
import { LIST_FILTERS } from './list.ts';
import { NUMBER_FILTERS } from './number.ts';
import { SELECTION_FILTERS } from './selection.ts';
import { SUBELEMENT_FILTERS } from './subelements.ts';
import { TEXT_FILTERS } from './text.ts';
import { TemplateMistake } from '../mistake.ts';

const FILTERS: Filters = {
  ...TEXT_FILTERS,
  ...NUMBER_FILTERS,
  ...LIST_FILTERS,
  ...SELECTION_FILTERS,
  ...DATA_FILTERS,
  ...SUBELEMENT_FILTERS,
};

/** Why some filters that templates use are not supported. */
const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(?:random|shuffle|password_hash|vault|strftime|to_datetime)$/, 'each rendering would give another text'],
  [/^to_(?:nice_)?yaml$/, 'PyYAML breaks and quotes lines in ways of its own (to_json is supported, and JSON is YAML)'],
  [/^(?:fileglob|realpath|expanduser|expandvars|unvault)$/, 'it looks at the machine that Ansible runs on'],
  [/^macaddr$/, 'Ansible knows it as ansible.utils.macaddr only'],
];

const OF_ADDRESSES = /^(ansible\.(?:utils|netcommon|builtin)\.)?(\w+)$/;

/** Address filters belong to `ansible.utils`; Ansible 2.14 redirects all their short names but one. */
function ipFilter(written: string): Filter | undefined {
  const [, collection, name = ''] = OF_ADDRESSES.exec(written) ?? [];
  if (!Object.hasOwn(IP_FILTERS, name) || (name === 'macaddr' && collection !== 'ansible.utils.')) return undefined;
  return IP_FILTERS[name];
}

/** @throws TemplateMistake */
export function filterNamed(written: string): Filter {
  const name = written.replace(/^ansible\.builtin\./, '');
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : ipFilter(written);
  if (filter) return filter;
  const reason = REASONS.find(([pattern]) => pattern.test(name))?.[1];
  throw new TemplateMistake(
    `the filter ${quoted(written)} is not supported${reason === undefined ? '' : `: ${reason}`}`,
  );
}

export const FILTER_NAMES: readonly string[] = [...Object.keys(FILTERS), ...Object.keys(IP_FILTERS)].toSorted();
