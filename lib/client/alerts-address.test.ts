import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERTS_TABS } from '@/lib/core/alerts/alert-groups.ts';
import { alertsHref, readAlertsAddress } from './alerts-address.ts';

const SCOPES = [
  { app: 'harbor', environment: 'production' },
  { app: 'harbor', environment: 'staging' },
];
const FIRST = { app: 'harbor', environment: 'production' };

const readHref = (href: string) => {
  const params = new URL(href, 'http://x').searchParams;
  return readAlertsAddress((name) => params.get(name), SCOPES, FIRST);
};

describe('the address of the Alerts page', () => {
  it('is short where nothing is chosen', () => {
    expect(alertsHref({ scope: FIRST, tab: 'open', selected: null, isLocal: false }, SCOPES)).toBe('/alerts');
  });

  it('says what was asked for in vain, and shows the first app', () => {
    expect(readHref('/alerts?app=ferry')).toEqual({
      address: { scope: FIRST, tab: 'open', selected: null, isLocal: false },
      remarks: [expect.stringContaining('ferry')],
    });
  });

  it('says that a part of the page does not exist, and shows what is open', () => {
    const { address, remarks } = readHref('/alerts?tab=trophies');
    expect(address.tab).toBe('open');
    expect(remarks).toEqual([expect.stringContaining('trophies')]);
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCOPES),
        fc.constantFrom(...ALERTS_TABS),
        fc.option(fc.string({ minLength: 1 })),
        fc.boolean(),
        (scope, tab, selected, isLocal) => {
          const address = { scope, tab, selected, isLocal };
          expect(readHref(alertsHref(address, SCOPES))).toEqual({ address, remarks: [] });
        },
      ),
    );
  });
});
