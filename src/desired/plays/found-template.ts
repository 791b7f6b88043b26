import type { HostScope, Inventoried } from '../variables/host-variables.ts';
import type { Position } from '../source/problems.ts';
import type { Value } from '../../jinja/index.ts';

/** A template task for a host, with everything that its template sees. */
export interface FoundTemplate {
  at: Position;
  /** The playbook that was called. */
  playbook: string;
  host: string;
  /** As the task names it, for `template_path`. */
  source: string;
  /** The file. */
  path: string;
  /** Null where only the nodes know. */
  destination: string | null;
  /** As written. */
  destinationText: string;
  owner: string | null;
  group: string | null;
  mode: string | null;
  /** The module’s own options by name: `lstrip_blocks` and the like. */
  options: ReadonlyMap<string, string>;
  scope: HostScope;
  extra: ReadonlyMap<string, Value>;
  /** Other hosts at that time. */
  all: Inventoried;
  /** Whether it depends on something that only the nodes know. */
  isMaybe: boolean;
  /** What changes the file afterwards. */
  changedBy: { at: Position; action: string } | null;
}
