import { describe, expect, it } from 'vitest';
import { openingsOf } from '../../../src/plan/directives/openings.ts';

const codesOf = (directive: string, from: string, to: string) =>
  openingsOf([{ directive, from, to, secret: false }]).map(({ code }) => code);

describe('openingsOf', () => {
  it.each([
    ['bind', '127.0.0.1 10.0.0.123', '*', 'OPENS_BIND'],
    ['bind', '127.0.0.1 10.0.0.123', '127.0.0.1 10.0.0.123 ::', 'OPENS_BIND'],
    ['bind', '10.0.0.123', '10.0.0.124', 'OPENS_BIND'],
    ['bind', '', '-10.0.0.123', 'OPENS_BIND'],
    ['bind', '0.0.0.0', '0.0.0.0 ::*', 'OPENS_BIND'],
    ['protected-mode', 'yes', 'NO', 'OPENS_PROTECTED_MODE'],
    ['requirepass', 'a-long-password', '', 'OPENS_PASSWORD'],
    ['requirepass', 'a-long-password', 'short', 'OPENS_PASSWORD'],
    ['tls-auth-clients', 'yes', 'optional', 'OPENS_TLS'],
    ['tls-auth-clients', 'optional', 'no', 'OPENS_TLS'],
    ['tls-port', '6380', '0', 'OPENS_TLS'],
    ['port', '0', '6379', 'OPENS_TLS'],
    ['tls-replication', 'yes', 'no', 'OPENS_TLS'],
    ['tls-protocols', '', 'TLSv1 TLSv1.2', 'OPENS_TLS'],
    ['tls-ciphers', 'HIGH', 'NULL', 'OPENS_TLS'],
    ['tls-ca-cert-file', '/etc/a.crt', '/etc/b.crt', 'OPENS_TLS'],
    ['enable-debug-command', 'no', 'local', 'OPENS_COMMANDS'],
    ['enable-module-command', 'local', 'yes', 'OPENS_COMMANDS'],
    ['enable-protected-configs', 'no', 'yes', 'OPENS_COMMANDS'],
    ['rename-command', 'CONFIG  FLUSHALL secret', 'flushall secret', 'OPENS_COMMANDS'],
    ['rename-command', 'CONFIG ', 'CONFIG CONFIG', 'OPENS_COMMANDS'],
    ['sanitize-dump-payload', 'yes', 'clients', 'OPENS_COMMANDS'],
    ['include', '/etc/a.conf', '/etc/a.conf /etc/b.conf', 'OPENS_FILE'],
    ['loadmodule', '', '/opt/x.so', 'OPENS_FILE'],
    ['aclfile', '', '/etc/redis/users.acl', 'OPENS_FILE'],
    ['masteruser', '', 'app', 'OPENS_MASTER'],
    ['acl-pubsub-default', 'resetchannels', 'allchannels', 'OPENS_ACL'],
    ['unixsocket', '', '/run/redis/s', 'OPENS_SOCKET'],
    ['unixsocketperm', '700', '770', 'OPENS_SOCKET'],
  ])('%s “%s” → “%s” is %s', (directive, from, to, code) => {
    expect(codesOf(directive, from, to)).toEqual([code]);
  });

  it.each([
    ['bind', '* -::*', '127.0.0.1 10.0.0.123 -::1'],
    ['bind', '10.0.0.123', '10.0.0.123 127.0.0.1 ::1'],
    ['bind', '0.0.0.0', '10.0.0.123'],
    ['protected-mode', 'no', 'yes'],
    ['requirepass', '', '••••••'],
    ['requirepass', 'short', 'a-long-password'],
    ['tls-auth-clients', 'no', 'optional'],
    ['tls-port', '0', '6380'],
    ['port', '6379', '0'],
    ['tls-protocols', '', 'TLSv1.3'],
    ['enable-debug-command', 'yes', 'local'],
    ['rename-command', 'CONFIG ', 'CONFIG  FLUSHALL '],
    ['include', '/etc/a.conf /etc/b.conf', '/etc/b.conf'],
    ['loadmodule', '/opt/x.so', ''],
    ['unixsocketperm', '770', '700'],
    ['hz', '10', '100'],
  ])('%s “%s” → “%s” opens nothing', (directive, from, to) => {
    expect(codesOf(directive, from, to)).toEqual([]);
  });
});
