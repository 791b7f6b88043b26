/** What a button stands for: the request, and the plan that the person saw above it. */
export interface ApprovalValue {
  approval: string;
  /** The plan’s. */
  digest: string;
}

/** As Slack keeps it with the button, and sends it back with the click. Digests have no colon. */
export function approvalValue({ approval, digest }: ApprovalValue): string {
  return `${approval}:${digest}`;
}

/** A button that names no plan, as older versions made them, answers with an empty digest: no plan has that. */
export function readApprovalValue(value: string): ApprovalValue {
  const at = value.lastIndexOf(':');
  return at === -1 ? { approval: value, digest: '' } : { approval: value.slice(0, at), digest: value.slice(at + 1) };
}
