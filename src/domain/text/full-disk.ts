/** Whether text of the kernel, a command or Redis says that a disk, or a quota on it, is full. */
export function saysFullDisk(text: string): boolean {
  return /No space left on device|Disk quota exceeded|: short write/.test(text);
}
