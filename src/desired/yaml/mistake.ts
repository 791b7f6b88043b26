import type { ErrorCode } from 'yaml';

/** The parser’s own messages may quote the file, and with it a password. */
const MISTAKES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'has an alias (*name) without a name, or in a place where none can be',
  BAD_DQ_ESCAPE: 'has an escape (\\…) that YAML does not know',
  BAD_INDENT: 'is indented in a way that does not fit, or lacks a closing bracket',
  BAD_SCALAR_START: 'starts with a character that needs quotes around the value',
  BLOCK_AS_IMPLICIT_KEY: 'has a second “name:” on one line; is a quote missing, or a line break?',
  BLOCK_IN_FLOW: 'has an indented block within braces or brackets',
  MISSING_CHAR: 'lacks a character: a closing quote or bracket, or the space after a colon',
  MULTILINE_IMPLICIT_KEY: 'has a name that goes over several lines; is a colon missing?',
  MULTIPLE_DOCS: 'has several documents (---); one is expected',
  TAB_AS_INDENT: 'is indented with a tab; YAML wants spaces',
  UNEXPECTED_TOKEN: 'has something that is not expected here',
};

export function yamlMistake(code: ErrorCode): string {
  return `is not YAML: ${MISTAKES[code] ?? `it cannot be read from here on (${code})`}`;
}
