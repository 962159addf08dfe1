'use client';

import type { AddressChange, NowAddress } from '@/lib/client/address.ts';
import type { TimeRange as TimeSpan } from '@/lib/core/time/range.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { CompareMenu } from './compare-menu.tsx';
import { CopyLink } from './copy-link.tsx';
import { LiveSwitch } from './live-switch.tsx';
import { TimeRange } from './time-range.tsx';
import { ZoneSwitch } from './zone-switch.tsx';

/** What every control of the header needs: the address, what is seen, and the way to change it. */
export interface ControlProps {
  address: NowAddress;
  /** The zone in which the page tells time. */
  zone: Zone;
  /** The span that the charts show. */
  seen: TimeSpan;
  /** The server's clock when the data came in: what "today" is, the same on server and client. */
  asOfMs: number;
  /** The server's clock now, for events. */
  nowMs: () => number;
  go: (change: AddressChange) => void;
  hrefOf: (address: NowAddress) => string;
  copyLink: (address: NowAddress) => void;
}

/** What the reader chooses about time: live or frozen, range, comparison, zone, and the link to it all. */
export function PageControls(props: Readonly<ControlProps>) {
  return (
    <>
      <LiveSwitch {...props} />
      <TimeRange {...props} />
      <CompareMenu {...props} />
      <ZoneSwitch {...props} />
      <CopyLink {...props} />
    </>
  );
}
