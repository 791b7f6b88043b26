import { describe, expect, it } from 'vitest';
import { checksRole, inUse, serversIn } from '../../../src/domain/entry/servers.ts';

const NODES = new Map([
  ['redis-01', { host: '10.0.0.123', port: 6379 }],
  ['redis-02', { host: '10.0.0.124', port: 6379 }],
  ['redis-03', { host: '2001:db8::3', port: 6379 }],
]);

/** HAProxy 2.6 of Debian 12. */
const REPLY = `1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
2 clients 1 node1 10.0.0.123 2 0 1 1 62 15 3 4 6 0 0 0 - 6379 - 0 0 - - 0
2 clients 2 node2 10.0.0.124 0 0 0 1 59 12 0 0 7 0 0 0 - 6379 - 0 0 - - 0
2 clients 3 node3 2001:db8:0::3 2 1 1 1 58 12 0 0 7 0 0 0 - 6379 - 0 0 - - 0
3 web 1 app 10.0.0.123 2 0 1 1 62 15 3 4 6 0 0 0 - 8080 - 0 0 - - 0

# pxname,svname,status,weight,act,bck,check_status,
clients,FRONTEND,OPEN,,,,,
clients,node1,UP,1,1,0,L7OK,
clients,node2,DOWN,1,0,1,* L7TOUT,
clients,node3,MAINT,1,1,0,L7TOUT,
web,app,UP,1,1,0,L4OK,

`;

describe('HAProxy’s servers', () => {
  it('are those that are nodes, however the address is spelled', () => {
    expect(serversIn(REPLY, NODES)).toEqual([
      {
        backend: 'clients',
        name: 'node1',
        node: 'redis-01',
        isUp: true,
        isHeld: false,
        isBackup: false,
        weight: 1,
        fullWeight: 1,
        check: 'L7OK',
      },
      {
        backend: 'clients',
        name: 'node2',
        node: 'redis-02',
        isUp: false,
        isHeld: false,
        isBackup: true,
        weight: 0,
        fullWeight: 1,
        check: 'L7TOUT',
      },
      {
        backend: 'clients',
        name: 'node3',
        node: 'redis-03',
        isUp: true,
        isHeld: true,
        isBackup: false,
        weight: 1,
        fullWeight: 1,
        check: 'L7TOUT',
      },
    ]);
    expect(inUse(serversIn(REPLY, NODES)).map(({ name }) => name)).toEqual(['node1']);
    expect(checksRole(serversIn(REPLY, NODES))).toBe(true);
  });

  it.each(['', 'Permission denied\n', '# be_id be_name\n', REPLY.replaceAll('node1', 'a;b')])(
    '%# of a strange reply',
    (reply) => {
      expect(serversIn(reply, NODES).map(({ name }) => name)).not.toContain('a;b');
    },
  );
});
