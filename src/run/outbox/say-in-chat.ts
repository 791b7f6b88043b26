import { refusedBy } from '../../domain/chat/chat-refused.ts';
import type { Click } from '../../domain/chat/click.ts';
import type { MessageReference } from '../../domain/chat/message.ts';
import type { ApprovalNote, Delivery, Note, SupersededNote } from '../../domain/chat/note.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { approvalReport } from '../../report/run/approval-report.ts';
import { supersededReport } from '../../report/run/superseded-report.ts';
import { approvalButtons } from '../thread/approval-buttons.ts';
import { notesAtEnd } from '../thread/notes-at-end.ts';
import { channelOf, type ChannelPorts } from '../thread/channel-of.ts';

export interface ChatPorts extends ChannelPorts {
  store: Store;
  chat: Chat;
  clock: Pick<Clock, 'now'>;
}

/** Says one note in the run’s thread. @throws SLACK_FAILED, QUEUE_FAILED */
export async function sayInChat(delivery: Delivery, note: Note, ports: ChatPorts): Promise<void> {
  switch (note.kind) {
    case 'root':
      await showRoot(delivery, note.report, note.buttons, ports);
      return;
    case 'approval':
      return askForApproval(delivery, note, ports);
    case 'reply':
      return reply(delivery, note.report, ports);
    case 'file':
      return attach(delivery, note, ports);
    case 'unreadable':
      throw new RedisopsError('QUEUE_FAILED', 'Another version of redisops kept this message.', {
        hint: 'It is said once a worker of that version runs.',
      });
    case 'superseded':
    case 'comment':
    case 'deployment':
      throw new Error(`a note of the kind ${note.kind} is not for a run’s thread`);
  }
}

/** Its time counts from the moment that people can see the buttons. */
async function askForApproval(delivery: Delivery, { approval, plan, openMs }: ApprovalNote, ports: ChatPorts) {
  const request = await ports.store.approval(approval);
  if (request?.plan.digest !== plan) return;
  const expiresAt = new Date(ports.clock.now().getTime() + openMs).toISOString();
  const shown = { ...request, expiresAt };
  // Decided, or replaced by a newer plan: that has a note of its own.
  if (!(await ports.store.extendApproval(shown))) return;
  await showRoot(delivery, approvalReport(shown), approvalButtons(shown), ports);
}

/** Edits the root message, or posts it where there is none. */
async function showRoot(
  { run, cluster }: Delivery,
  report: Report,
  buttons: readonly Click[],
  ports: ChatPorts,
): Promise<MessageReference> {
  const known = await ports.store.threadOf(run);
  if (known) {
    const isGone = await ports.chat.edit(known, report, buttons).then(() => false, onlyIf('message'));
    if (!isGone) return known;
  }
  const root = await post(cluster, report, buttons, ports);
  await ports.store.rememberThread(run, root);
  return root;
}

/** In the cluster’s channel; in the bot’s own if Slack does not take messages for that one. */
async function post(cluster: string, report: Report, buttons: readonly Click[], ports: ChatPorts) {
  const channel = await channelOf(cluster, ports);
  try {
    return await ports.chat.post(channel, report, buttons);
  } catch (error) {
    const { defaultChannel } = ports;
    if (refusedBy(error) !== 'channel' || channel === defaultChannel || !(error instanceof Error)) throw error;
    const why = `This belongs in the channel ${channel} of ${cluster}. ${error.message} Correct \`channel\` in redisops.yml, or invite the app there.`;
    const sections: Report['sections'] = [...report.sections, { kind: 'text', heading: 'Wrong channel', text: why }];
    return ports.chat.post(defaultChannel, { ...report, sections }, buttons);
  }
}

async function reply(delivery: Delivery, report: Report, ports: ChatPorts): Promise<void> {
  const root = await ports.store.threadOf(delivery.run);
  if (root) await ports.chat.reply(root, report);
  else await showRoot(delivery, report, [], ports);
}

async function attach({ run }: Delivery, { name, text }: { name: string; text: string }, ports: ChatPorts) {
  const root = await ports.store.threadOf(run);
  if (root) await ports.chat.attach(root, name, text);
}

/** Several share one message; a single one gets a thread, as any other run. */
export async function tellSuperseded(
  cluster: string,
  notes: readonly SupersededNote[],
  ports: ChatPorts,
): Promise<void> {
  const [only, ...others] = notes;
  if (!only || others.length > 0) {
    await post(cluster, supersededReport(cluster, notes), [], ports);
    return;
  }
  for (const [purpose, note] of notesAtEnd(only.run, only.report))
    await ports.store.keepNote({ run: only.run, cluster }, purpose, note);
}

/** True for this refusal. @throws any other failure */
function onlyIf(refused: ReturnType<typeof refusedBy>): (error: unknown) => true {
  return (error) => {
    if (refusedBy(error) !== refused) throw error;
    return true;
  };
}
