import { describe, expect, it } from 'vitest';
import { toLocalPath } from './local-path.ts';

describe('toLocalPath', () => {
  it.each(['/', '/deploys', '/deploys/v12?range=1h&app=a%2Fb', '/?app=shop', '/logins'])(
    'keeps %s',
    (path) => {
      expect(toLocalPath(path)).toBe(path);
    },
  );

  it.each([
    null,
    undefined,
    '',
    'deploys',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/x/..//evil.example',
    '/%2e%2e//evil.example',
    'javascript:alert(1)',
    ' /deploys',
    '/login',
    '/LOGIN?next=/',
    '/api/query',
    `/${'a'.repeat(3000)}`,
  ])('sends %j home', (path) => {
    expect(toLocalPath(path)).toBe('/');
  });

  it('what it gives is a local path again', () => {
    const once = toLocalPath('/a/../b?c=d#e');
    expect(once).toBe('/b?c=d');
    expect(toLocalPath(once)).toBe(once);
  });
});
