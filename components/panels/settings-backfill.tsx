'use client';

import type { SourceKind } from '@/lib/core/model/target.ts';
import { SOURCE_SPECS } from '@/lib/core/sources/index.ts';
import type { BackfillView } from '@/lib/core/sources/settings-view.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import type { Zone } from '@/lib/core/units/zone.ts';

/** How far the reading of a provider's memory has come: a bar while it runs, then what was kept. */
export function BackfillLine({
  kind,
  name,
  backfill,
  zone = 'UTC',
}: Readonly<{ kind: SourceKind; name: string; backfill: BackfillView; zone?: Zone }>) {
  const memory = SOURCE_SPECS[kind].memory ?? 'nothing';
  switch (backfill.kind) {
    case 'waiting':
      return <History>read after the first good visit; it remembers {memory}</History>;
    case 'running':
      return (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <History>{Math.floor(backfill.share * 100)} % read</History>
          <ProgressBar share={backfill.share} label={`History of ${name}`} />
        </div>
      );
    case 'done':
      return (
        <History>
          {backfill.fromMs === null
            ? `it remembered nothing, asked ${formatStamp(backfill.atMs, 'minutes', zone)}`
            : `back to ${formatStamp(backfill.fromMs, 'minutes', zone)}, ${backfill.series.toLocaleString('en-US')} series`}
        </History>
      );
    case 'failed':
      return (
        <History>
          not read at {formatStamp(backfill.atMs, 'minutes', zone)}, tried again within the hour:{' '}
          {backfill.text}
        </History>
      );
    default:
      return backfill satisfies never;
  }
}

function History({ children }: Readonly<{ children: React.ReactNode }>) {
  return (
    <p className="min-w-0 break-words text-ink-2">
      <span className="text-ink-3">History: </span>
      {children}
    </p>
  );
}

/** A share of something that comes to an end, 0–1. Drawn as a picture, since a page of ours carries no inline style. */
function ProgressBar({ share, label }: Readonly<{ share: number; label: string }>) {
  const percent = Math.floor(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="w-full max-w-64"
    >
      <svg aria-hidden="true" width="100%" height={6} className="block">
        <rect
          width="100%"
          height={6}
          rx={3}
          className="fill-hover stroke-line forced-colors:stroke-line-ink"
        />
        <rect width={`${percent}%`} height={6} rx={3} className="fill-ink-2" />
      </svg>
    </div>
  );
}
