import { describe, expect, it } from 'vitest';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { VARIABLES, confOf, desiredOf, problemsOf } from '../repository.ts';
import { vaultedVariable } from '../vaulted.ts';

function config(...lines: readonly string[]): string {
  return ['redis_config:', ...lines.map((line) => `  ${line}`)].join('\n');
}

describe('redis_config', () => {
  it.each<[line: string, directive: string, value: string]>([
    ['hz: 50', 'hz', '50'],
    ['HZ: "50"', 'hz', '50'],
    ['appendonly: yes', 'appendonly', 'yes'],
    ['appendonly: "no"', 'appendonly', 'no'],
    ['slave-priority: 10', 'replica-priority', '10'],
    ['save: ""', 'save', ''],
    ['save: \'""\'', 'save', ''],
    ['save: 900 1', 'save', '900 1'],
    ['save: [900 1, 300 10]', 'save', '900 1 300 10'],
    ['save: "3600 1 300 100"', 'save', '3600 1 300 100'],
    ['maxmemory-clients: 10%', 'maxmemory-clients', '10%'],
    ['client-output-buffer-limit: replica 512mb 64mb 60', 'client-output-buffer-limit', 'replica 512mb 64mb 60'],
    ['list-max-listpack-size: -2', 'list-max-listpack-size', '-2'],
    ['slowlog-log-slower-than: -1', 'slowlog-log-slower-than', '-1'],
    ['oom-score-adj: no', 'oom-score-adj', 'no'],
    ['oom-score-adj-values: 0 200 800', 'oom-score-adj-values', '0 200 800'],
    ['unixsocketperm: 0770', 'unixsocketperm', '0770'],
    ['shutdown-on-sigterm: nosave force', 'shutdown-on-sigterm', 'nosave force'],
    ['latency-tracking-info-percentiles: 50 99.9', 'latency-tracking-info-percentiles', '50 99.9'],
    ['latency-tracking-info-percentiles: 99.9', 'latency-tracking-info-percentiles', '99.9'],
    ['notify-keyspace-events: KEA', 'notify-keyspace-events', 'KEA'],
    ['logfile: ""', 'logfile', ''],
    ['logfile: /var/log/redis/other.log', 'logfile', '/var/log/redis/other.log'],
    ['logfile: /data/redis/redis.log', 'logfile', '/data/redis/redis.log'],
    ['stop-writes-on-bgsave-error: no', 'stop-writes-on-bgsave-error', 'no'],
    // As it is, or quoted as redis.conf would have it.
    ['proc-title-template: "{title} {listen-addr}"', 'proc-title-template', '{title} {listen-addr}'],
    ['proc-title-template: \'"{title} {listen-addr}"\'', 'proc-title-template', '{title} {listen-addr}'],
    ['masteruser: "don\'t"', 'masteruser', "don't"],
    ['masteruser: $(reboot)', 'masteruser', '$(reboot)'],
    ['syslog-ident: "a\\"b`c`"', 'syslog-ident', 'a"b`c`'],
  ])('%s', async (line, directive, value) => {
    const conf = confOf(await desiredOf(config(line)), 'redis-01');
    expect(RedisConf.parse(new SensitiveText(conf)).get(directive)).toBe(value);
  });

  it.each<[line: string, problem: string]>([
    ['maxmemry-samples: 5', '2:3: Redis 7 knows no directive “maxmemry-samples”. Did you mean maxmemory-samples'],
    ['"": 5', '2:3: Redis 7 knows no directive “”.'],
    ['"hz 10\\nrequirepass": x', '2:3: “hz” has more behind it: a value stands behind the colon'],
    ['__proto__: 5', '2:3: Redis 7 knows no directive “__proto__”.'],
    ['replicaof: 10.0.0.1 6379', '2:3: replicaof does not belong under redis_config: roles are observed'],
    ['SLAVEOF: 10.0.0.1 6379', '2:3: replicaof does not belong under redis_config'],
    ['requirepass: hunter2', '2:3: requirepass does not belong under redis_config: use redis_password'],
    ['masterauth: hunter2', '2:3: masterauth does not belong under redis_config: use redis_masterauth'],
    ['dir: /data', '2:3: dir does not belong under redis_config: use redis_dir'],
    ['port: 1', '2:3: port does not belong under redis_config: use redis_port'],
    ['bind: 0.0.0.0', '2:3: bind does not belong under redis_config: use redis_bind'],
    ['maxmemory: 1gb', '2:3: maxmemory does not belong under redis_config: use redis_maxmemory'],
    ['include: /etc/redis/x.conf', '2:3: include does not belong under redis_config'],
    ['rename-command: CONFIG ""', '2:3: rename-command does not belong under redis_config'],
    ['supervised: no', '2:3: supervised does not belong under redis_config: the systemd unit owns it'],
    ['hz: often', '2:7: hz must be a whole number from 1 to 500, not “often”'],
    ['hz: 10kb', '2:7: hz must be a whole number'],
    ['hz: 0x10', '2:7: hz must be a whole number'],
    ['hz:', '2:6: hz has no value'],
    ['hz: {a: 1}', '2:7: hz must be a single value'],
    ['hz: [10]', '2:3: hz takes one value, not a list'],
    ['hz: "10\\nrequirepass x"', '2:7: hz has a line break or a control character'],
    ['hz: "{{ hz }}"', '2:7: hz: “hz” is undefined'],
    ['save: []', '2:3: save has an empty list'],
    ['save: 900', '2:9: save must be seconds and changes in pairs (3600 1), or "", not “900”'],
    ['save: 0 1', '2:9: save must be seconds'],
    ["save: '\"900 1'", '2:9: save has quotes that are not closed'],
    ['appendonly: maybe', '2:15: appendonly must be yes or no, not “maybe”'],
    ['appendfsync: often', '2:16: appendfsync must be one of everysec, always, no, not “often”'],
    ['databases: 0', '2:14: databases must be a whole number from 1'],
    ['io-threads: 129', '2:15: io-threads must be a whole number from 1 to 128'],
    ['client-query-buffer-limit: 1kb', '2:30: client-query-buffer-limit must be at least 1048576'],
    ['client-output-buffer-limit: replica 1mb', '2:31: client-output-buffer-limit must be class'],
    ['client-output-buffer-limit: master 1 1 1', '2:31: client-output-buffer-limit must be class'],
    ['maxmemory-clients: 101%', '2:22: maxmemory-clients must be a size'],
    ['dbfilename: ""', '2:15: dbfilename must be the name of a file, without a path; a replica renames'],
    ['dbfilename: ../x.rdb', '2:15: dbfilename must be the name of a file'],
    ['appenddirname: /x', '2:18: appenddirname must be the name of a file'],
    ['logfile: redis.log', '2:12: logfile must be an absolute path'],
    ['logfile: /var/log/../x', '2:12: logfile must be an absolute path'],
    ['logfile: /etc/shadow', '2:12: logfile must be "" (the journal), or a file under /var/log/redis or /data/redis'],
    ['logfile: /var/log/redis-x.log', '2:12: logfile must be ""'],
    ['logfile: /var/log/redis/', '2:12: logfile must be ""'],
    ['logfile: /data/redis/../../etc/shadow', '2:12: logfile must be an absolute path'],
    ['loadmodule: x.so', '2:15: loadmodule must be an absolute path'],
    ['unixsocketperm: 999', '2:19: unixsocketperm must be a mode such as 770'],
    ['shutdown-on-sigterm: save nosave', '2:24: shutdown-on-sigterm must be default, or some of'],
    ['notify-keyspace-events: KEQ', '2:27: notify-keyspace-events must be of the letters'],
    ['oom-score-adj-values: 1 2', '2:25: oom-score-adj-values must be three figures'],
    ['latency-tracking-info-percentiles: 101', '2:38: latency-tracking-info-percentiles must be percentiles'],
  ])('refuses %s', async (line, problem) => {
    expect((await problemsOf(desiredOf(config(line))))[0]).toContain(`${VARIABLES}:${problem}`);
  });

  it('lets Redis log into its data directory, wherever that is', async () => {
    const lines = ['redis_dir: /srv/redis', config('logfile: /srv/redis/redis.log')];
    const { redisConf } = (await desiredOf(lines.join('\n'))).nodes[0] ?? {};
    expect(redisConf?.content.reveal()).toContain('\nlogfile /srv/redis/redis.log\n');
    const elsewhere = ['redis_dir: /srv/redis', config('logfile: /data/redis/redis.log')];
    expect((await problemsOf(desiredOf(elsewhere.join('\n'))))[0]).toContain(':3:12: logfile must be ""');
  });

  it('refuses one directive by two names', async () => {
    const problems = await problemsOf(desiredOf(config('slave-priority: 1', 'replica-priority: 2')));
    expect(problems).toEqual([`${VARIABLES}:3:3: “replica-priority” is “slave-priority” by another name`]);
  });

  it('refuses users in two places: Redis would not start', async () => {
    const problems = await problemsOf(desiredOf(config('user: a on', 'aclfile: /etc/redis/users.acl')));
    expect(problems).toEqual([`${VARIABLES}:2:3: Redis does not start with both user and aclfile`]);
  });

  it('keeps passwords out of what may be shown', async () => {
    const desired = await desiredOf(
      `redis_password: canary "1\n${config('user: ["a on >canary2 #ca4a", b on nopass]', 'tls-key-file-pass: canary 3')}`,
    );
    const { redisConf } = desired.nodes[0] ?? {};
    expect(redisConf?.content.reveal()).toMatch(/canary \\"1[^]*canary 3[^]*>canary2/);
    expect(redisConf?.content.masked()).not.toMatch(/canary|ca4a/);
    expect(JSON.stringify(desired)).not.toMatch(/canary|ca4a/);
  });

  it('does not show a secret that is wrong', async () => {
    const problems = await problemsOf(desiredOf(config('user: "\\"canary"')));
    expect(problems).toEqual([`${VARIABLES}:2:9: user has quotes that are not closed`]);
  });

  it('wants plainly written what plans will show', async () => {
    const vaulted = vaultedVariable('  masteruser', 'x', 'p').replaceAll('\n     ', '\n       ');
    const problems = await problemsOf(desiredOf(`redis_config:\n${vaulted}`));
    expect(problems).toEqual([
      `${VARIABLES}:2:3: masteruser is vaulted, but plans and reports show it: write it plainly`,
    ]);
  });
});
