import { describe, expect, it } from 'vitest';
import { problemsOf, desiredOf, REPLICATED } from '../../desired/repository.ts';

const TEMPLATE = 'ansible/roles/redis/templates/redis.conf.j2';
const CLUSTERS = `clusters:\n  redis:\n    template: ${TEMPLATE}\n`;

function mistakes(template: string, variables = REPLICATED) {
  return problemsOf(desiredOf(variables, { 'redisops.yml': CLUSTERS, [TEMPLATE]: template }));
}

/** What equals Ansible is in the corpus (37 to 39); here, what Ansible refuses, too, or what is not supported. */
describe('filters of addresses', () => {
  it.each([
    ["'10.0.0.1' | ipaddr('nonsense')", 'asks ipaddr for something that it does not know'],
    ["'10.0.0.1' | ipaddr('v4')", 'asks ipaddr for something that it does not know'],
    ["'10.0.0.1' | ipaddr('first_usable')", 'asks that of an address, which is no network'],
    ["'10.0.0.0/24' | ipaddr('peer')", 'asks for the peer in a network that is not point-to-point'],
    ["'10.0.0.0/30' | ipaddr('peer')", 'asks for the peer of a network’s own address, or of its broadcast'],
    ['none | ipaddr', 'gets NoneType in place of an address'],
    ['{} | ipv4', 'gets dict in place of an address'],
    ["('10.0.0.1',) | ipaddr", 'gets tuple in place of an address'],
    ['not_there | ipaddr', '“not_there” is undefined'],
    ['5 | ipwrap', 'gets int in place of an address'],
    ["'255.255.255.255' | ipmath(1)", 'leaves the range of addresses'],
    ["'10.1' | ipmath(1)", 'counts from something that is no address'],
    ["'10.0.0.1' | ipmath('x')", 'gets str where a whole number is expected'],
    ["'10.0.0.0/24' | ipsubnet(16)", 'asks for parts of a network that are larger than it'],
    ["'10.0.0.1' | ipsubnet(32)", 'asks for a network around an address that is not there'],
    ["'10.0.0.0/24' | ipsubnet('192.168.0.0/16')", 'asks for the place in a network that it is not in'],
    ["'10.0.0.0/24' | nthhost(-300)", 'asks for a host before the first one'],
    ["['x'] | cidr_merge", 'merges something that is no network'],
    ["['::1', '10.0.0.1'] | cidr_merge('span')", 'spans addresses of both versions'],
    ["'nonsense' | hwaddr('unix')", 'asks that of something that is no hardware address'],
    ["'1a:2b:3c:4d:5e:6f' | hwaddr('x')", 'asks hwaddr for something that it does not know'],
    ["'00-11-22-33-44-55-66-77' | hwaddr", 'a hardware address of 64 bits is not supported'],
    [
      "'1a:2b:3c:4d:5e:6f' | macaddr",
      'the filter “macaddr” is not supported: Ansible knows it as ansible.utils.macaddr only',
    ],
    ["'10.0.0.1' | ansible.utils.usable_range", 'the filter “ansible.utils.usable_range” is not supported'],
    ["'10.0.0.1' | ansible.posix.ipaddr", 'the filter “ansible.posix.ipaddr” is not supported'],
    ["'١.0.0.1' | ipaddr", 'an address of other than ASCII letters is not supported'],
  ])('refuse %s', async (expression, message) => {
    expect(await mistakes(`# head\n{{ ${expression} }}\n`)).toEqual([`${TEMPLATE}:2:1: ${message}`]);
  });

  it('say nothing of a secret', async () => {
    const variables = `${REPLICATED}redis_password: "hunter2"\nbind_password: "{{ redis_password | ipaddr(redis_password) }} {{ redis_password | hwaddr('unix') }}"\n`;
    const found = await mistakes('requirepass {{ bind_password }}\n', variables);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('cannot be rendered (not shown: it is a secret’s template)');
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });
});
