import type { Backup } from '../domain/redis/backup.ts';

/** Where backups are kept. A kept backup is never changed or deleted. */
export interface Backups {
  /** Without the reserve for what else is on that disk. */
  freeBytes(): Promise<number>;
  /** Begins a backup, and removes what a dead worker left unfinished for that node. */
  create(cluster: string, node: string): Promise<BackupFile>;
  /** The node’s newest complete backup; null without one. */
  newest(cluster: string, node: string): Promise<Backup | null>;
}

/** A backup under way: it does not count before `keep`. */
export interface BackupFile {
  write(chunk: Uint8Array): Promise<void>;
  /** Reads the file back from the disk. Fails with BACKUP_FAILED unless length and SHA-256 match. */
  keep(about: Omit<Backup, 'path'>): Promise<Backup>;
  discard(): Promise<void>;
}
