import { describe, expect, test } from 'vitest';
import { type AddressTrust, literalAddress, refuseAddress } from './address-policy.ts';

/** As the guard meets it: a URL, parsed, its host judged. Null: a name, which DNS has to answer for. */
function judge(host: string, trust: AddressTrust): 'allowed' | 'refused' | 'name' {
  if (!URL.canParse(`http://${host}/`)) return 'refused';
  const literal = literalAddress(new URL(`http://${host}/`).hostname);
  if (literal === null) return 'name';
  return refuseAddress(literal, trust) === null ? 'allowed' : 'refused';
}

const LOOPBACK = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '0x7f.1',
  '0x7f000001',
  '0X7F.0.0.1',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '127.0.0.1.',
  '１２７.0.0.1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
];
const PRIVATE = [
  '10.0.0.1',
  '10.1',
  '0xa000001',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.168.257',
  '3232235777',
  '[fd12:3456::1]',
  '[fdaa:0:1::3]',
  '[::ffff:10.0.0.1]',
  '[::ffff:c0a8:101]',
  '100.64.0.1',
];
const NEVER = [
  '169.254.169.254',
  '169.254.0.1',
  '0xa9fea9fe',
  '2852039166',
  '169.254.43518',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[64:ff9b::a9fe:a9fe]',
  '[fe80::1]',
  '[fe80::a9fe:a9fe]',
  '[febf::1]',
  '[fd00:ec2::254]',
  '[fd00:0ec2:0:0:0:0:0:0254]',
  '[fd20:ce::254]',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '0.0.0.0',
  '0',
  '0x0',
  '[::]',
  '[::ffff:0.0.0.0]',
  '224.0.0.1',
  '255.255.255.255',
  '240.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '[ff02::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[::127.0.0.1]',
  '[fec0::1]',
  '256.256.256.256',
  '127.0.0.1.1.1',
];

describe('addresses', () => {
  test.each([...LOOPBACK, ...PRIVATE])('%s: the config may name it, a page may not', (host) => {
    expect(judge(host, 'config')).toBe('allowed');
    expect(judge(host, 'ui')).toBe('refused');
  });

  test.each(NEVER)('%s: nobody may name it', (host) => {
    expect(judge(host, 'config')).toBe('refused');
    expect(judge(host, 'ui')).toBe('refused');
  });

  test.each(['1.1.1.1', '[2606:4700:4700::1111]', '134744072'])('%s: public, for both', (host) => {
    expect(judge(host, 'config')).toBe('allowed');
    expect(judge(host, 'ui')).toBe('allowed');
  });

  test('a public address inside IPv6 is judged by where it leads', () => {
    expect(judge('[64:ff9b::808:808]', 'config')).toBe('allowed');
    expect(judge('[64:ff9b::808:808]', 'ui')).toBe('refused');
  });

  test('a name is not judged here: DNS answers for it', () => {
    expect(judge('localhost', 'ui')).toBe('name');
    expect(judge('127.0.0.1.nip.io', 'ui')).toBe('name');
  });

  test('text that is no address is refused', () => {
    expect(refuseAddress('', 'config')).not.toBeNull();
    expect(refuseAddress('localhost', 'config')).not.toBeNull();
  });
});
