import { describe, expect, it } from 'vitest';
import { addressRemarks, nowHref, readNowAddress } from './now-address.ts';
import { nextTheme, parseTheme } from './theme.ts';

const production = { app: 'harbor', environment: 'production' };
const staging = { app: 'harbor', environment: 'staging' };
const scopes = [production, staging];
const none = { range: null, app: null, env: null };

describe('the address of the Now page', () => {
  it('shows the first scope over the last hour when it says nothing', () => {
    expect(readNowAddress(none, scopes, production)).toEqual({ range: '1h', scope: production });
  });

  it('brings back what it was made from', () => {
    for (const range of ['5m', '1h', '7d'] as const) {
      for (const scope of scopes) {
        const params = new URL(nowHref({ range, scope }, scopes), 'http://here').searchParams;
        const asked = { range: params.get('range'), app: params.get('app'), env: params.get('env') };
        expect(readNowAddress(asked, scopes, production)).toEqual({ range, scope });
      }
    }
    expect(nowHref({ range: '1h', scope: production }, scopes)).toBe('/');
  });

  it('falls back from what does not exist and says so', () => {
    const asked = { range: '2x', app: 'ghost', env: null };
    const shown = readNowAddress(asked, scopes, production);
    expect(shown).toEqual({ range: '1h', scope: production });
    expect(addressRemarks(asked, shown, scopes)).toEqual([
      '“2x” is no time range here; shown: the last 1h.',
      '“ghost” is not watched here; shown: harbor · production.',
    ]);
    expect(addressRemarks(none, shown, scopes)).toEqual([]);
  });

  it('does not repeat a long wrong value at length', () => {
    const asked = { ...none, range: 'x'.repeat(500) };
    const [remark] = addressRemarks(asked, readNowAddress(asked, scopes, production), scopes);
    expect(remark?.length).toBeLessThan(120);
  });
});

describe('the theme', () => {
  it('is the device’s unless a known one was chosen', () => {
    expect([parseTheme('dark'), parseTheme('mauve'), parseTheme(undefined)]).toEqual([
      'dark',
      'system',
      'system',
    ]);
  });

  it('goes round through all three', () => {
    expect(nextTheme(nextTheme(nextTheme('system')))).toBe('system');
  });
});
