import { labHosts } from './hosts.ts';
import { runOrFail, runProgram } from './run-program.ts';

/** Of the lab’s bridge: there the stand-ins are heard by a bot that has a network of its own. */
export const BRIDGE_ADDRESS = '10.0.0.1';
const BOT_ADDRESS = '10.0.0.2';
const BRIDGE = 'lab-bridge';
/** The bridge end of its cable. */
const PORT = 'bot';

/** A network namespace for the bot alone, with a cable to the lab’s bridge: what listens in it is the bot’s. */
export interface BotNetwork {
  /** Before a command that is to run in it. */
  enter: readonly string[];
  /** What `ss` says in there, a line each. */
  sockets(...filter: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openBotNetwork(): Promise<BotNetwork> {
  const lab = labHosts().name;
  const name = `${lab}-bot`;
  // The cable too: the kernel takes a while to remove it with the namespace.
  const remove = async (): Promise<void> => {
    await runProgram(['ip', '-n', lab, 'link', 'delete', PORT]);
    await runProgram(['ip', 'netns', 'delete', name]);
  };
  // What a killed run left.
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
