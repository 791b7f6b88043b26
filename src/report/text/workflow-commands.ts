/** A mistake or warning shown by GitHub Actions on the pull request’s lines. Lines and columns count from 1. */
export interface WorkflowAnnotation {
  level: 'error' | 'warning';
  message: string;
  at?: { file: string; line: number; column: number };
}

/** One workflow command per line: `::error file=…,line=…,col=…::…`. No text can break out of its command. */
export function workflowCommands(annotations: readonly WorkflowAnnotation[]): string {
  return annotations.map((each) => `${command(each)}\n`).join('');
}

function command({ level, message, at }: WorkflowAnnotation): string {
  const properties = at ? { file: at.file, line: at.line, col: at.column, title: 'redisops' } : { title: 'redisops' };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
  return `::${level} ${written.join(',')}::${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
