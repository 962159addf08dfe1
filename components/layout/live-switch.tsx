'use client';

import { freezeWindow, goLive } from '@/lib/client/window-moves.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { Button } from '../ui/button.tsx';
import { FrozenIcon, LiveIcon } from './header-icons.tsx';
import type { ControlProps } from './page-controls.tsx';

/** Whether the page follows the clock or stands still, and the switch between the two. */
export function LiveSwitch({ address, zone, seen, go }: Readonly<ControlProps>) {
  const { window } = address;
  if (window.kind === 'live') {
    return (
      <Button
        look="ghost"
        size="small"
        className="max-tablet:h-9"
        title="Live: freeze what is seen now"
        aria-label="Live: freeze what is seen now"
        onClick={() => go((now) => ({ ...now, window: freezeWindow(now.window, seen) }))}
      >
        <LiveIcon />
        Live
      </Button>
    );
  }
  const clock = formatClock(window.endMs, 'minutes', zone);
  return (
    <Button
      look="ghost"
      size="small"
      className="bg-hover text-ink max-tablet:h-9"
      title={`Frozen at ${clock}: back to now`}
      aria-label={`Frozen ${clock}: back to now`}
      onClick={() => go((now) => ({ ...now, window: goLive(now.window) }))}
    >
      <FrozenIcon />
      Frozen
      <span className="font-normal text-ink-2 max-tablet:hidden">{clock}</span>
    </Button>
  );
}
