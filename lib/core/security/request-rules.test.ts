import { describe, expect, it } from 'vitest';
import { allowAddresses } from './addresses.ts';
import { judgeRequest, type RequestFacts, readBearer } from './request-rules.ts';

const allowed = allowAddresses({
  host: '127.0.0.1',
  port: 3000,
  publicUrl: new URL('https://watch.example.org'),
  localAddresses: [],
});
const get: RequestFacts = {
  method: 'GET',
  path: '/',
  host: 'localhost:3000',
  origin: null,
  secFetchSite: null,
  authorization: null,
  upgrade: null,
};
const post: RequestFacts = { ...get, method: 'POST', origin: 'http://localhost:3000' };
const machine: RequestFacts = {
  ...post,
  path: '/api/deploys',
  origin: null,
  authorization: 'Bearer abcdefgh',
};

/** What the signature is worth is judged by the route. */
const signed: RequestFacts = { ...machine, authorization: null, signature: 'sha256=00' };

function statusOf(facts: RequestFacts): number | null {
  return judgeRequest(facts, allowed)?.status ?? null;
}

describe('judgeRequest', () => {
  const table: readonly [what: string, facts: RequestFacts, status: number | null][] = [
    ['a page by a loopback name', get, null],
    ['a page by the public name', { ...get, host: 'watch.example.org' }, null],
    ['a page by a rebound name', { ...get, host: 'evil.example' }, 421],
    ['a page without a Host', { ...get, host: null }, 421],
    ['a link followed from another site', { ...get, secFetchSite: 'cross-site' }, null],
    ['a read that names another origin', { ...get, origin: 'https://evil.example' }, null],
    ['health by any name', { ...get, path: '/api/health', host: '10.1.2.3' }, null],
    ['health without a Host', { ...get, path: '/api/health', host: null }, null],
    ['a post to health by any name', { ...post, path: '/api/health', host: '10.1.2.3' }, 421],
    ['a spelling that is not health', { ...get, path: '/api/%68ealth', host: '10.1.2.3' }, 421],
    ['a path under health', { ...get, path: '/api/health/x', host: '10.1.2.3' }, 421],
    ['an action of our own page', post, null],
    ['an action with Sec-Fetch-Site same-origin', { ...post, secFetchSite: 'same-origin' }, null],
    ['an action through the public name', { ...post, origin: 'https://watch.example.org' }, null],
    ['an action from another origin', { ...post, origin: 'https://evil.example' }, 403],
    ['an action from another port', { ...post, origin: 'http://localhost:3001' }, 403],
    ['an action from another scheme', { ...post, origin: 'https://localhost:3000' }, 403],
    ['an action from origin null', { ...post, origin: 'null' }, 403],
    ['an action with an empty origin', { ...post, origin: '' }, 403],
    ['an action without an origin', { ...post, origin: null }, 403],
    [
      'an action without an origin but with a token',
      { ...post, origin: null, authorization: 'Bearer abcdefgh' },
      403,
    ],
    ['an action marked cross-site', { ...post, secFetchSite: 'cross-site' }, 403],
    ['an action marked same-site', { ...post, secFetchSite: 'same-site' }, 403],
    ['an action marked none', { ...post, secFetchSite: 'none' }, 403],
    ['an action under a rebound name', { ...post, host: 'evil.example', origin: 'http://evil.example' }, 421],
    ['a machine with a token', machine, null],
    ['a machine without a token', { ...machine, authorization: null }, 403],
    ['a signed deploy without a token', { ...signed, path: '/api/deploys' }, null],
    ['a signed delivery of GitHub', { ...signed, path: '/api/hooks/github' }, null],
    ['a signature where none is checked', { ...signed, path: '/api/tokens' }, 403],
    ['a signature under a path that only begins so', { ...signed, path: '/api/deploys/x' }, 403],
    ['a signature with another origin', { ...signed, origin: 'https://evil.example' }, 403],
    ['a signature sent across sites', { ...signed, secFetchSite: 'cross-site' }, 403],
    ['a machine with another scheme', { ...machine, authorization: 'Basic YTpi' }, 403],
    ['a token together with another origin', { ...machine, origin: 'https://evil.example' }, 403],
    ['a token sent across sites', { ...machine, secFetchSite: 'cross-site' }, 403],
    ['a token outside the api', { ...machine, path: '/apis' }, 403],
    ['a preflight of another site', { ...post, method: 'OPTIONS', origin: 'https://evil.example' }, 403],
    ['PUT without an origin', { ...get, method: 'PUT' }, 403],
    ['a made-up method without an origin', { ...get, method: 'FETCH' }, 403],
    ['TRACE', { ...get, method: 'TRACE' }, 405],
    ['an upgrade', { ...get, upgrade: 'websocket' }, 400],
    ['an upgrade of health', { ...get, path: '/api/health', upgrade: 'h2c' }, 400],
    ['HEAD', { ...get, method: 'HEAD' }, null],
  ];
  it.each(table)('%s', (_what, facts, status) => {
    expect(statusOf(facts)).toBe(status);
  });

  it('a refusal never repeats what was sent', () => {
    const refusal = judgeRequest({ ...post, origin: 'https://canary.example' }, allowed);
    expect(refusal?.message).not.toContain('canary');
    expect(judgeRequest({ ...get, host: 'canary.example' }, allowed)?.message).not.toContain('canary');
  });
});

describe('readBearer', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer   abc', 'abc'],
    ['Bearer abc def', null],
    ['Bearer', null],
    ['Bearer ', null],
    ['Basic abc', null],
    ['abc', null],
    [`Bearer ${'a'.repeat(5000)}`, null],
    [null, null],
  ])('%j gives %j', (header, token) => {
    expect(readBearer(header)).toBe(token);
  });
});
