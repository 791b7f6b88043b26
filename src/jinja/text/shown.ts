/** Controls, line and paragraph separators, marks that turn the direction or are not seen. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text of a template, short and printable enough to stand in a message. */
export function shown(text: string): string {
  const printable = text.replaceAll(UNPRINTABLE, '�');
  return `“${printable.length > 60 ? `${printable.slice(0, 60)}…` : printable}”`;
}
