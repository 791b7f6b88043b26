/** Controls, line and paragraph separators, invisible characters and those that turn the reading direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text from a file in quotes, short and printable enough for a message. */
export function quoted(text: string): string {
  const printable = text.replaceAll(UNPRINTABLE, '�');
  return `“${printable.length > 60 ? `${printable.slice(0, 60)}…` : printable}”`;
}
