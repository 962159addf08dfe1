'use client';

import type { WatchDetail } from '@/lib/core/model/watch.ts';
import { formatClock, formatSinceOrigin } from '@/lib/core/units/clock.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Value } from '../ui/figure.tsx';
import type { GlyphName } from '../ui/glyph.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';

const SHOWN = 12;

type Machines = NonNullable<WatchDetail['machines']>;

/** When did every machine run it? Those that do not come first. */
export function WatchMachines({
  detail: { view, machines },
}: Readonly<{ detail: Pick<WatchDetail, 'view' | 'machines'> }>) {
  const { zone } = useChartPage();
  const rank = (row: Machines['rows'][number]) =>
    row.onRelease === true ? 2 : row.onRelease === null ? 1 : 0;
  const rows = [...(machines?.rows ?? [])].sort((a, b) => rank(a) - rank(b));
  const { shown, more } = useLongList(rows, SHOWN, 'machines');
  return (
    <PanelFrame
      title="Machines converging"
      question="When did every machine run it?"
      state={
        machines === null
          ? { kind: 'empty', text: 'No machine tells which release it runs.' }
          : { kind: 'ready' }
      }
      aside={
        machines !== null && <span className="text-ink-3">{convergedWords(machines, view.originMs)}</span>
      }
    >
      <table className="w-full table-fixed border-collapse">
        <thead>
          <tr className="border-b border-line text-label text-ink-3">
            <th scope="col" className="w-[30%] py-1.5 pr-4">
              Machine
            </th>
            <th scope="col" className="w-[24%] py-1.5 pr-4">
              Runs
            </th>
            <th scope="col" className="py-1.5 wrap-anywhere">
              {view.release}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name, version, onRelease, seenMs }) => (
            <tr key={name} className="border-line not-first:border-t">
              <th scope="row" className="py-2 pr-4 font-mono text-mono wrap-anywhere">
                {name}
              </th>
              <td className="py-2 pr-4 wrap-anywhere">
                <Value text={version ?? NO_DATA} />
              </td>
              <td className="py-2">
                <Status
                  {...RUNS[onRelease === null ? 'unknown' : onRelease ? 'yes' : 'no']}
                  detail={
                    onRelease === true && seenMs !== null
                      ? `since ${formatClock(seenMs, 'seconds', zone)}, ${formatSinceOrigin(seenMs, view.originMs)}`
                      : undefined
                  }
                  wraps
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {view.assumedMachines !== null && machines !== null && view.assumedMachines !== machines.of && (
        <p className="mt-2 text-label text-ink-3">
          The summary counts on {view.assumedMachines}; {machines.of} {machines.of === 1 ? 'runs' : 'run'}.
        </p>
      )}
      {more}
    </PanelFrame>
  );
}

const RUNS: Record<'yes' | 'no' | 'unknown', { glyph: GlyphName; word: string }> = {
  yes: { glyph: 'good', word: 'On it' },
  no: { glyph: 'warn', word: 'Not on it' },
  unknown: { glyph: 'unknown', word: 'Not told' },
};

/** `2 of 2 after 2 m 44 s`; without a time while one is missing. */
function convergedWords({ onRelease, of, convergedMs }: Machines, originMs: number): string {
  const count = `${onRelease} of ${of}`;
  return convergedMs === null
    ? count
    : `${count} after ${formatDuration(Math.max(0, convergedMs - originMs))}`;
}
