import { NextRequest } from 'next/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proxy } from '@/proxy.ts';
import { publishBindAddress } from '../config/bind-address.ts';
import { scrubLine } from '../log/scrub.ts';
import { publishShareDoor, type ShareStanding } from './share-standing.ts';

const TOKEN = 'Zk3vX0aQ_8sT-1bN5cR7dE9fG2hJ4kL6mP0qS3uV5wY';
let standing: ShareStanding = 'live';
let counted = 0;

beforeEach(() => {
  publishBindAddress({ bind: { host: '127.0.0.1', port: 3000 }, publicUrl: null });
  standing = 'live';
  counted = 0;
  publishShareDoor({
    standing: (token) => (token === TOKEN ? standing : 'nothing'),
    count: () => {
      counted += 1;
    },
  });
});
afterEach(() => publishShareDoor(null));

function send(path: string, init: { method?: string; headers?: Record<string, string> } = {}): Response {
  return proxy(
    new NextRequest(`http://127.0.0.1:3000${path}`, {
      ...init,
      headers: { host: '127.0.0.1:3000', ...init.headers },
    }),
  );
}

describe('a share at the proxy', () => {
  it.each([`/s/${TOKEN}`, `/%73/${TOKEN}`, `/s/${TOKEN}/preview.png`, '/s/[token]', '/s/%00', '/s'])(
    '%s: no referrer, no index, not kept, and the page can ask nobody anything',
    (path) => {
      const { headers, status } = send(path);
      expect(status).toBe(200);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-robots-tag')).toMatch(/noindex, nofollow/);
      expect(headers.get('cache-control')).toBe('private, no-store');
      expect(headers.get('content-security-policy')).toMatch(/connect-src 'none'.*form-action 'none'/);
      expect(headers.get('cross-origin-resource-policy')).toBe(
        path.endsWith('preview.png') ? 'cross-origin' : 'same-origin',
      );
    },
  );

  it('an address that only looks alike is an ordinary page', () => {
    for (const path of ['/', '/settings', '/share', '/api/s/x'])
      expect(send(path).headers.get('referrer-policy'), path).toBe('same-origin');
  });

  it('one that is over answers 410 and says so in plain words; one that never was is left to the page', async () => {
    standing = 'gone';
    for (const path of [`/s/${TOKEN}`, `/s/${TOKEN}/preview.png`, `/s/${TOKEN}?x=1`]) {
      const response = send(path);
      expect(response.status).toBe(410);
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(await response.text()).toMatch(/This link has ended\./);
    }
    expect(send(`/s/${TOKEN.slice(0, -1)}x`).status).toBe(200);
    publishShareDoor(null);
    expect(send(`/s/${TOKEN}`).status).toBe(200);
  });

  it('nothing but reading: no action runs there, whoever asks', () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      for (const path of [`/s/${TOKEN}`, '/s/x', `/%73/${TOKEN}/preview.png`])
        expect(
          send(path, { method, headers: { origin: 'http://127.0.0.1:3000', 'next-action': 'a1' } }).status,
        ).toBe(405);
  });

  it('counts looks of readers: not HEAD, not the image, not what is fetched ahead, not what is over', () => {
    send(`/s/${TOKEN}`);
    expect(counted).toBe(1);
    send(`/s/${TOKEN}`, { method: 'HEAD' });
    send(`/s/${TOKEN}/preview.png`);
    send(`/s/${TOKEN}`, { headers: { 'sec-purpose': 'prefetch;prerender' } });
    send(`/s/${TOKEN}`, { headers: { 'next-router-prefetch': '1' } });
    send('/s/[token]');
    standing = 'gone';
    send(`/s/${TOKEN}`);
    expect(counted).toBe(1);
  });

  it('its token is in no line of a log', () => {
    const line = `{"msg":"a request failed","where":"GET /s/${TOKEN}/preview.png","err":"/s/${TOKEN}"}\n`;
    expect(scrubLine(line)).not.toContain(TOKEN);
    expect(scrubLine(line)).toContain('/s/[secret]/preview.png');
  });
});
