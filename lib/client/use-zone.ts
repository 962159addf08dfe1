'use client';

import { useSyncExternalStore } from 'react';
import type { Zone } from '@/lib/core/units/zone.ts';

// The zone of a device may change while a page is open; it is read again at the next drawing, which a tick brings.
const subscribe = () => () => {};

/** The viewer's zone when `isLocal`, else UTC; on the server and while hydrating always UTC, so that both draw the same. */
export function useZone(isLocal: boolean): Zone {
  const read = (): Zone => (isLocal ? Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC' : 'UTC');
  return useSyncExternalStore(subscribe, read, () => 'UTC');
}
