/** Where the evidence of intrusions is kept: a kept file is never changed or deleted. */
export interface EvidenceStore {
  /** Fails unless the file, read back from the disk, has the SHA-256 of the text. */
  keep(about: { cluster: string; node: string; at: string }, text: string): Promise<KeptEvidence>;
}

export interface KeptEvidence {
  node: string;
  path: string;
  sha256: string;
}
