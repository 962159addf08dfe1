'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import type { Scope } from '@/lib/core/model/target.ts';
import {
  type AddressChange,
  type AskedParams,
  addressHref,
  askedParams,
  type NowAddress,
  type ReadAddress,
  readAddress,
} from './address.ts';

interface AddressInput {
  /** What the server was asked, and how it read that. */
  asked: AskedParams;
  read: ReadAddress;
  scopes: readonly Scope[];
  fallback: Scope;
}

/**
 * The address of the page, its only state of what is shown. `go` changes it without a round trip for the page, and always
 * as a new step of the history, for small switches too: so Back undoes the last thing that was done, never two at once.
 */
export function useAddress({ asked, read, scopes, fallback }: AddressInput) {
  const params = useSearchParams();
  const { readParams, shown } = useMemo(() => {
    const initial = JSON.stringify(asked);
    const readParams = (of: { get: (name: string) => string | null }): ReadAddress => {
      const here = askedParams((name) => of.get(name));
      // The server judged by its clock what it was asked, and all that came after was made by this page: there is no need
      // for the browser's clock, which may be another one.
      return JSON.stringify(here) === initial
        ? read
        : readAddress(here, scopes, fallback, Number.POSITIVE_INFINITY);
    };
    return { readParams, shown: readParams(params) };
  }, [params, asked, read, scopes, fallback]);

  /** What the address bar says, ahead of what is drawn when keys follow fast on each other. */
  const current = useCallback(
    (): NowAddress => readParams(new URLSearchParams(window.location.search)).address,
    [readParams],
  );
  const go = useCallback(
    (change: AddressChange): void => {
      const { pathname, search } = window.location;
      const href = addressHref(change(current()), scopes);
      if (href !== pathname + search) window.history.pushState(null, '', href);
    },
    [current, scopes],
  );
  return { address: shown.address, remarks: shown.remarks, current, go };
}
