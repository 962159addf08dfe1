'use client';

import { lazy, Suspense } from 'react';
import { setRange } from '@/lib/client/address.ts';
import { shortRangeText, windowText } from '@/lib/client/window-words.ts';
import { Icon } from '../ui/icon.tsx';
import { Popover } from '../ui/popover.tsx';
import type { ControlProps } from './page-controls.tsx';
import { RangeLinks } from './range-links.tsx';

// Most readers never type a time.
const TypedRange = lazy(async () => ({ default: (await import('./typed-range.tsx')).TypedRange }));

/** The time that the page shows: presets as links, and any other window typed. */
export function TimeRange(props: Readonly<ControlProps>) {
  const { address, zone, nowMs, go, hrefOf } = props;
  const { window } = address;
  const text = windowText(window, zone, props.asOfMs);
  return (
    <Popover
      id="time-range"
      label="Time range"
      buttonLabel={`Time range: ${text}`}
      face={
        <>
          <span className="max-wide:hidden">{text}</span>
          <span className="wide:hidden">
            {window.kind === 'live' ? text : shortRangeText(window, zone, props.asOfMs)}
          </span>
          <Icon name="chevron" size={14} />
        </>
      }
    >
      {(close) => (
        <div className="p-4 tablet:w-90 tablet:p-3.5">
          <p className="mb-1.5 text-label text-ink-3">The last</p>
          <RangeLinks
            chosen={window.kind === 'live' ? window.name : null}
            hrefOf={(name) => hrefOf({ ...address, window: { kind: 'live', name } })}
            onChoose={(name) => {
              close();
              go(setRange(name));
            }}
          />
          {/* As high as what comes, so that nothing moves. */}
          <Suspense fallback={<div className="h-40" />}>
            <TypedRange
              seen={window.kind === 'live' ? props.seen : window}
              zone={zone}
              nowMs={nowMs}
              onShow={({ startMs, endMs }) => {
                close();
                go((now) => ({
                  ...now,
                  window: { kind: 'fixed', name: now.window.name, startMs, endMs },
                }));
              }}
            />
          </Suspense>
        </div>
      )}
    </Popover>
  );
}
