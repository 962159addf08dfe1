'use client';

import { set } from '@/lib/client/address.ts';
import { zoneText } from '@/lib/client/window-words.ts';
import { Button } from '../ui/button.tsx';
import type { ControlProps } from './page-controls.tsx';

/** In which zone the page tells time, and the switch between UTC and the viewer's own. */
export function ZoneSwitch({ address, zone, go }: Readonly<ControlProps>) {
  const text = zoneText(zone, address.isLocal);
  const label = address.isLocal
    ? `Times are in ${zone === 'UTC' ? 'the local zone, which is UTC' : zone}. Show UTC`
    : 'Times are in UTC. Show the local zone';
  return (
    <Button
      look="ghost"
      size="small"
      className="max-desk:hidden"
      title={label}
      aria-label={label}
      aria-pressed={address.isLocal}
      onClick={() => go(set({ isLocal: !address.isLocal }))}
    >
      {text}
    </Button>
  );
}
