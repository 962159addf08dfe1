import { describe, expect, it } from 'vitest';
import { readScopeAddress, scopeHref } from './scope-address.ts';

const FIRST = { app: 'harbor', environment: 'production' };
const SECOND = { app: 'harbor', environment: 'staging' };
const SCOPES = [FIRST, SECOND];

function read(query: string) {
  const params = new URLSearchParams(query);
  return readScopeAddress((name) => params.get(name), SCOPES, FIRST);
}

describe('the address of a page that only chooses what is watched', () => {
  it.each([
    ['', FIRST, false],
    ['env=staging', SECOND, false],
    ['app=harbor&env=staging&tz=local', SECOND, true],
  ])('%j is read and written back as it was', (query, scope, isLocal) => {
    const { address, remarks } = read(query);
    expect(address).toEqual({ scope, isLocal });
    expect(remarks).toEqual([]);
    expect(read(scopeHref('/budget', address, SCOPES).split('?')[1] ?? '').address).toEqual(address);
  });

  it('what is the default is left out', () => {
    expect(scopeHref('/config', { scope: FIRST, isLocal: false }, SCOPES)).toBe('/config');
  });

  it('a scope that is not watched shows the first one, and says so', () => {
    expect(read('app=other').address.scope).toEqual(FIRST);
    expect(read('app=other').remarks).toEqual(['“other” is not watched here; shown: harbor · production.']);
  });
});
