import { NextRequest } from 'next/server';
import { beforeEach, describe, expect, it } from 'vitest';
import { config, proxy } from '@/proxy.ts';
import { publishBindAddress, readBindAddress } from '../config/bind-address.ts';
import { isForgedHeader, pageCsp } from './headers.ts';

const SITE = 'http://127.0.0.1:3000';

beforeEach(() => {
  publishBindAddress({
    bind: { host: '127.0.0.1', port: 3000 },
    publicUrl: new URL('https://watch.example.org'),
  });
});

function send(path: string, init: { method?: string; headers?: Record<string, string> } = {}): Response {
  return proxy(
    new NextRequest(`${SITE}${path}`, { ...init, headers: { host: '127.0.0.1:3000', ...init.headers } }),
  );
}

/** The request headers that Next will hand on. */
function handedOn(response: Response, name: string): string | null {
  return response.headers.get(`x-middleware-request-${name}`);
}

describe('proxy', () => {
  it('a page gets the same nonce in its request and its response, another one each time', () => {
    const first = send('/deploys?range=1h');
    const policy = first.headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
    expect(policy).toBe(pageCsp(nonce, false));
    expect(handedOn(first, 'content-security-policy')).toBe(policy);
    expect(handedOn(first, 'x-afterwatch-path')).toBe('/deploys?range=1h');
    expect(send('/').headers.get('content-security-policy')).not.toBe(
      send('/').headers.get('content-security-policy'),
    );
  });

  it('scripts run by nonce only, styles from files only', () => {
    const policy = pageCsp('n', false);
    expect(policy).not.toMatch(/unsafe/);
    expect(pageCsp('n', true)).toMatch(/'unsafe-eval'.*'unsafe-inline'/);
  });

  it('headers from outside that would steer the server are not handed on', () => {
    const response = send('/', {
      headers: {
        'x-middleware-subrequest': 'proxy',
        'content-security-policy': "script-src 'nonce-evil'",
        'x-forwarded-host': 'evil.example',
        'x-afterwatch-path': '/evil',
        accept: 'text/html',
      },
    });
    expect(handedOn(response, 'x-middleware-subrequest')).toBeNull();
    expect(handedOn(response, 'content-security-policy')).not.toContain('evil');
    expect(handedOn(response, 'x-forwarded-host')).toBe('127.0.0.1:3000');
    expect(handedOn(response, 'x-afterwatch-path')).toBe('/');
    expect(handedOn(response, 'accept')).toBe('text/html');
  });

  it('an action behind a reverse proxy that rewrites Host is known by its checked origin', () => {
    const response = send('/', { method: 'POST', headers: { origin: 'https://watch.example.org' } });
    expect(handedOn(response, 'x-forwarded-host')).toBe('watch.example.org');
    const reading = send('/', { headers: { origin: 'https://evil.example' } });
    expect(handedOn(reading, 'x-forwarded-host')).toBe('127.0.0.1:3000');
  });

  it.each<[what: string, path: string, init: Parameters<typeof send>[1], status: number, type: string]>([
    ['another name', '/', { headers: { host: 'evil.example' } }, 421, 'text/plain'],
    ['another name, for a machine', '/api/status', { headers: { host: 'evil.example' } }, 421, 'text/plain'],
    [
      'another origin',
      '/',
      { method: 'POST', headers: { origin: 'https://evil.example' } },
      403,
      'text/plain',
    ],
    [
      'another origin, for a machine',
      '/api/x',
      { method: 'POST', headers: { origin: 'null' } },
      403,
      'application/json',
    ],
    ['an upgrade', '/', { headers: { upgrade: 'websocket' } }, 400, 'text/plain'],
  ])('%s is refused with every safety header', async (_what, path, init, status, type) => {
    const response = send(path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; frame-ancestors 'none'/,
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).not.toContain('evil');
  });

  it('nothing may be kept or shown by others, but for a badge', () => {
    const page = send('/api/status');
    expect(page.headers.get('cache-control')).toBe('private, no-store');
    expect(page.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    const badge = send('/api/badge/awb_x.svg');
    expect(badge.headers.get('cache-control')).toBe('no-cache, max-age=60');
    expect(badge.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(badge.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(send('/api/badges').headers.get('cache-control')).toBe('private, no-store');
  });

  it('https is made to stick only where people came by https', () => {
    expect(send('/').headers.get('strict-transport-security')).toBeNull();
    const response = send('/', { headers: { host: 'watch.example.org' } });
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(handedOn(response, 'x-forwarded-proto')).toBe('https');
  });

  it('only built assets are left out', () => {
    const matcher = new RegExp(`^${config.matcher[0]}$`);
    for (const path of [
      '/',
      '/api/health',
      '/login',
      '/_next/data/x/y.json',
      '/_next/image',
      '/favicon.ico',
      '/_next/staticx',
    ])
      expect(matcher.test(path), path).toBe(true);
    expect(matcher.test('/_next/static/chunks/a.js')).toBe(false);
  });
});

describe('isForgedHeader', () => {
  it.each([
    'accept',
    'cookie',
    'origin',
    'host',
    'x-forwarded-for',
    'next-action',
    'rsc',
    'x-nextjs-request-id',
    'authorization',
  ])('%s may come in', (name) => expect(isForgedHeader(name)).toBe(false));
  it.each([
    'x-middleware-rewrite',
    'X-Matched-Path',
    'x-invoke-path',
    'next-resume',
    'x-nextjs-data',
    'forwarded',
    'x-original-url',
  ])('%s may not', (name) => expect(isForgedHeader(name)).toBe(true));
});

describe('readBindAddress', () => {
  it('an empty environment is loopback on 3000', () => {
    expect(readBindAddress({})).toEqual({ host: '127.0.0.1', port: 3000, publicUrl: null });
  });
  it('values that cannot be read count as unset', () => {
    expect(readBindAddress({ HOST: '', PORT: '70000', AFTERWATCH_PUBLIC_URL: 'javascript:1' })).toEqual(
      readBindAddress({}),
    );
    expect(
      readBindAddress({ HOST: '::1', PORT: '8080', AFTERWATCH_PUBLIC_URL: 'https://w.example' }),
    ).toMatchObject({
      host: '::1',
      port: 8080,
    });
  });
});
