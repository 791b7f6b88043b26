/** Control characters, line and paragraph separators, invisible and bidirectional characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text from a file, quoted, shortened and made printable for a message. */
export function quoted(text: string): string {
  const printable = text.replaceAll(UNPRINTABLE, '�');
  return `“${printable.length > 60 ? `${printable.slice(0, 60)}…` : printable}”`;
}
