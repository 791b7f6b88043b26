import type { Click } from '../../domain/chat/click.ts';
import type { ApprovalRequest } from '../../domain/run/run.ts';

/** Buttons for the plan shown above them. */
export function approvalButtons({ id: approval, plan: { digest } }: ApprovalRequest): readonly Click[] {
  return (['approved', 'denied'] as const).map((decision) => ({ kind: 'approval', decision, approval, digest }));
}
