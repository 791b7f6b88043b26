/** Redis quotes configuration lines that it does not understand. A line about a role’s requester is none of those. */
export function withoutQuotedSecret(line: string): string {
  const said = /(requirepass|masterauth|file-pass|auth-pass|sentinel-pass|\buser(?! request from 'id=))(\s+)\S.*/is;
  return line.replace(said, '$1$2••••••');
}
