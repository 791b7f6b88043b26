import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { sh } from '../../src/domain/shell.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { NodeFacts } from '../../src/domain/facts.ts';
import type { Nodes } from '../../src/ports/nodes.ts';
import { observe } from '../../src/observed/observe.ts';
import { labSshSettings, nodeNamed, openLabCluster } from './lab-cluster.ts';

const HOST = 'redis-02';
const SAVED = '/root/as-it-was';

let desired: DesiredCluster;
let nodes: Nodes;

async function on(command: string): Promise<string> {
  const { code, stdout, stderr } = await onHost(HOST, command);
  if (code !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
  return stdout.trim();
}

async function look(): Promise<NodeFacts | undefined> {
  const facts = await observe(desired, nodes);
  return facts.find(({ name }) => name === HOST);
}

beforeAll(async () => {
  await resetHosts();
  const cluster = await openLabCluster();
  desired = await cluster.asks();
  await cluster.close();
});

beforeEach(async () => {
  nodes = sshNodes(labSshSettings());
  await on(
    `mkdir -p ${SAVED}; tar -cf ${SAVED}/files.tar -C / etc/sudoers.d etc/passwd etc/bash.bashrc etc/environment home/ops`,
  );
});

afterEach(async () => {
  await nodes.close();
  await on(`tar -xpf ${SAVED}/files.tar -C /; rm -rf ${SAVED} /usr/local/bin/odd-shell`);
});

describe('the host’s journal', () => {
  it('grows by a small constant with each look: the script is not in it', async () => {
    const sizes: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await nodes.close();
      nodes = sshNodes(labSshSettings());
      const cursor = await on(`journalctl --lines 0 --show-cursor | sed -n 's/^-- cursor: //p'`);
      expect(await look()).toMatchObject({ reachable: true });
      const since = await on(`journalctl --sync; journalctl --after-cursor '${cursor}' --no-pager --output short`);
      const lines = [...since.matchAll(/ sudo\[\d+\]: (.*)/g)].map(([, line = '']) => line.trim());
      expect(lines.filter((line) => line.includes('COMMAND='))).toEqual([
        'ops : PWD=/home/ops ; USER=root ; COMMAND=/bin/sh -s redisops',
      ]);
      sizes.push(lines.join('').length);
    }
    expect(Math.max(...sizes)).toBeLessThan(400);
    expect(new Set(sizes).size).toBe(1);
  });

  it('does not grow with each script that follows on the same connection', async () => {
    await look();
    const cursor = await on(`journalctl --lines 0 --show-cursor | sed -n 's/^-- cursor: //p'`);
    for (let round = 0; round < 5; round += 1) expect(await look()).toMatchObject({ reachable: true });
    const since = await on(`journalctl --sync; journalctl --after-cursor '${cursor}' --no-pager --output short`);
    expect(since.match(/COMMAND=/g)).toHaveLength(1);
  });
});

describe('a sudoers file that names the command line alone', () => {
  beforeEach(async () => {
    await on(
      `echo 'ops ALL=(root) NOPASSWD: /bin/sh -s redisops' >/etc/sudoers.d/ops; chmod 440 /etc/sudoers.d/ops; visudo --check --quiet`,
    );
  });

  it('is enough to look, to change and to hold', async () => {
    const session = await nodes.connect(nodeNamed(desired, HOST));
    expect(await look()).toMatchObject({ reachable: true, host: { unit: { loadState: 'loaded' } } });
    expect(await session.run(sh`id -u`)).toMatchObject({ status: 0, stdout: '0\n' });
    const hold = await session.hold(sh`echo held; read -r _`);
    expect(hold.firstLine).toBe('held');
    await hold.release();
  });

  it('lets nothing else through', async () => {
    for (const command of ['true', '/bin/sh -s', '/bin/sh -s redisops more', '/bin/sh -c true'])
      expect((await onHost(HOST, `runuser -u ops -- sudo -n ${command} </dev/null`)).stderr).toContain(
        'a password is required',
      );
  });
});

describe('a login shell', () => {
  it.each([
    [
      'that prints on both outputs, as root’s, too',
      `for file in /home/ops/.bashrc /etc/bash.bashrc; do sed -i '1i echo WELCOME to prod; echo warn >&2' "$file"; done
       echo BASH_ENV=/etc/bash.bashrc >>/etc/environment`,
    ],
    ['that takes rights from every file', `sed -i '1i umask 077' /home/ops/.bashrc /etc/bash.bashrc`],
    [
      'that prints, and goes on after the command',
      String.raw`printf '#!/bin/sh\necho Authorized use only\n/bin/sh "$@"\nstatus=$?\necho bye\necho bye >&2\nexit $status\n' >/usr/local/bin/odd-shell`,
    ],
    [
      'that knows words and blanks, and no quoting',
      String.raw`printf '#!/bin/sh\ncase $2 in *[!a-z\\ /-]*) echo "odd-shell: syntax error" >&2; exit 2 ;; esac\nexec $2\n' >/usr/local/bin/odd-shell`,
    ],
    ['of Debian’s sh', 'usermod --shell /bin/dash ops'],
    ['that is restricted', 'usermod --shell /bin/rbash ops'],
  ])('may be one %s', async (_, prepare) => {
    await on(`${prepare}
      [ ! -e /usr/local/bin/odd-shell ] || { chmod 755 /usr/local/bin/odd-shell; usermod --shell /usr/local/bin/odd-shell ops; }`);
    expect(await look()).toMatchObject({ reachable: true, host: { unit: { loadState: 'loaded' } } });
    const session = await nodes.connect(nodeNamed(desired, HOST));
    const result = await session.run(sh`umask; cat; printf '%s' "$1"; exit 3`, {
      input: 'in ',
      parameters: [`it's $HOME`],
    });
    expect(result).toEqual({ status: 3, stdout: `0022\nin it's $HOME`, stderr: '' });
    const hold = await session.hold(sh`echo held; read -r _`);
    expect(hold.firstLine).toBe('held');
    await hold.release();
  });

  it.each([
    [
      'lets nobody in',
      'usermod --shell /usr/sbin/nologin ops',
      /ended with status 1 before .*This account is currently not available/,
    ],
    [
      'ends at once',
      `sed -i '1i echo maintenance; exit 4' /home/ops/.bashrc`,
      /ended with status 4 before .*maintenance/,
    ],
    ['takes the input', `sed -i '1i cat >/dev/null' /home/ops/.bashrc`, /ended with status 0 before .*nothing/],
  ])('is named as the cause where it %s', async (_, prepare, message) => {
    await on(prepare);
    expect(await look()).toMatchObject({
      reachable: false,
      code: 'COMMAND_FAILED',
      reason: expect.stringMatching(message),
      hint: expect.stringContaining('login shell'),
    });
  });
});
