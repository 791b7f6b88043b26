import { memoryBytes } from './directive-value.ts';

/** `client-output-buffer-limit replica`; 0: no limit. */
export interface OutputBuffer {
  hardBytes: number;
  softBytes: number;
  softSeconds: number;
}

const DEFAULT_BUFFER: OutputBuffer = { hardBytes: 268_435_456, softBytes: 67_108_864, softSeconds: 60 };

/** From CONFIG GET or a file; a missing class has its default. */
export function replicaBuffer(value: string): OutputBuffer {
  const found = /(?:^|\s)(?:slave|replica)\s+(\S+)\s+(\S+)\s+(\d+)/i.exec(value);
  if (!found) return DEFAULT_BUFFER;
  const [, hard = '', soft = '', seconds = ''] = found;
  return { hardBytes: memoryBytes(hard) ?? 0, softBytes: memoryBytes(soft) ?? 0, softSeconds: Number(seconds) };
}
