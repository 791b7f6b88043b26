import { labHosts } from './hosts.ts';
import { runOrFail, runProgram } from './run-program.ts';

/** Address of the lab’s bridge, where a bot with its own network reaches the stand-ins. */
export const BRIDGE_ADDRESS = '10.0.0.1';
const BOT_ADDRESS = '10.0.0.2';
const BRIDGE = 'lab-bridge';
/** The bridge end of the bot’s link. */
const PORT = 'bot';

/** A network namespace for the bot alone, linked to the lab’s bridge: whatever listens in it is the bot. */
export interface BotNetwork {
  /** Command prefix to run something in it. */
  enter: readonly string[];
  /** Lines of `ss` from inside. */
  sockets(...filter: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openBotNetwork(): Promise<BotNetwork> {
  const lab = labHosts().name;
  const name = `${lab}-bot`;
  // Removes the link too: the kernel takes a while to remove it with the namespace.
  const remove = async (): Promise<void> => {
    await runProgram(['ip', '-n', lab, 'link', 'delete', PORT]);
    await runProgram(['ip', 'netns', 'delete', name]);
  };
  // Left behind by a killed run.
  await remove();
  await runOrFail(['ip', 'netns', 'add', name]);
  for (const line of [
    `-n ${name} link set lo up`,
    `-n ${lab} link add ${PORT} type veth peer name eth0 netns ${name}`,
    `-n ${lab} link set ${PORT} master ${BRIDGE} up`,
    `-n ${name} address add ${BOT_ADDRESS}/24 dev eth0`,
    `-n ${name} link set eth0 up`,
  ])
    await runOrFail(['ip', ...line.split(' ')]);
  const enter = ['nsenter', `--net=/run/netns/${name}`, '--'];
  return {
    enter,
    sockets: async (...filter) => (await runOrFail([...enter, 'ss', '-Hn', ...filter])).split('\n').filter(Boolean),
    close: remove,
  };
}
