import { describe, expect, it } from 'vitest';
import { allowAddresses, isAllowedHost, isLoopbackHost } from './addresses.ts';

const loopback = { host: '127.0.0.1', port: 3000, publicUrl: null, localAddresses: ['192.0.2.7'] };

describe('allowAddresses', () => {
  it('a server on loopback answers to its loopback names with its port, and to nothing else', () => {
    const allowed = allowAddresses(loopback);
    expect([...allowed.hosts].sort()).toEqual(['127.0.0.1:3000', '[::1]:3000', 'localhost:3000']);
    expect([...allowed.origins].sort()).toEqual([
      'http://127.0.0.1:3000',
      'http://[::1]:3000',
      'http://localhost:3000',
    ]);
  });

  it('a public address adds its own host and origin, with and without the default port', () => {
    const allowed = allowAddresses({ ...loopback, publicUrl: new URL('https://watch.example.org/') });
    expect(isAllowedHost('watch.example.org', allowed)).toBe(true);
    expect(isAllowedHost('WATCH.example.org:443', allowed)).toBe(true);
    expect(isAllowedHost('watch.example.org:80', allowed)).toBe(false);
    expect(allowed.origins.has('https://watch.example.org')).toBe(true);
    expect(allowed.origins.has('http://watch.example.org')).toBe(false);
  });

  it('a bind to one outside address does not answer to loopback names', () => {
    const allowed = allowAddresses({ ...loopback, host: '192.0.2.7' });
    expect([...allowed.hosts]).toEqual(['192.0.2.7:3000']);
  });

  it.each(['0.0.0.0', '::', '[::]'])('a bind to %s answers to the addresses of this machine', (host) => {
    const allowed = allowAddresses({ ...loopback, host, localAddresses: ['192.0.2.7', '2001:db8::5'] });
    expect(isAllowedHost('192.0.2.7:3000', allowed)).toBe(true);
    expect(isAllowedHost('[2001:db8::5]:3000', allowed)).toBe(true);
    expect(isAllowedHost('localhost:3000', allowed)).toBe(true);
    expect(isAllowedHost('192.0.2.8:3000', allowed)).toBe(false);
    expect(isAllowedHost(`${host}:3000`, allowed)).toBe(false);
  });

  it('port 80 may be left out, as browsers do', () => {
    const allowed = allowAddresses({ ...loopback, port: 80 });
    expect(isAllowedHost('localhost', allowed)).toBe(true);
    expect(allowed.origins.has('http://localhost')).toBe(true);
  });

  it.each([
    null,
    '',
    'localhost',
    'localhost:3001',
    'localhost.:3000',
    'evil.example:3000',
    'localhost:3000.evil.example',
    'localhost:3000@evil.example',
    'localhost:3000, evil.example',
    ' localhost:3000',
    '127.1:3000',
    '0:3000',
    '2130706433:3000',
  ])('refuses %j as the name of a server on loopback', (host) => {
    expect(isAllowedHost(host, allowAddresses(loopback))).toBe(false);
  });
});

describe('isLoopbackHost', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])('%s is loopback', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });
  it.each(['0.0.0.0', '::', '192.168.0.2', '127.evil.example', 'localhost.evil.example', '128.0.0.1', ''])(
    '%j is not loopback',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});
