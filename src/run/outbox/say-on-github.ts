import type { Delivery, Note } from '../../domain/chat/note.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Log } from '../../ports/log.ts';
import type { Threads } from '../../ports/store.ts';
import type { RepositoryPorts } from '../repositories/repository.ts';

export interface GitHubPorts extends Pick<RepositoryPorts, 'gitHub'> {
  chat: Chat;
  store: Threads;
  log: Log;
}

/** Says one note on GitHub. @throws GITHUB_FAILED, QUEUE_FAILED */
export async function sayOnGitHub(
  { run }: Delivery,
  note: Note,
  { gitHub, chat, store, log }: GitHubPorts,
): Promise<void> {
  if (!gitHub) return;
  if (note.kind === 'comment') await gitHub.pullRequests.say(note.pullRequest, note.purpose, [note.text]);
  if (note.kind !== 'deployment') return;
  const root = await store.threadOf(run);
  const link = root ? chat.permalink(root) : Promise.resolve(null);
  const url = await link.catch((error: unknown) => {
    log.warn({ run, error }, 'could not link to the thread');
    return null;
  });
  await gitHub.deployments.report({ ...note.news, url });
}
