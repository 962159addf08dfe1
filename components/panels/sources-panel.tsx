'use client';

import type { SourceView } from '@/lib/core/model/view.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { valueText } from '@/lib/core/units/format-value.ts';
import { Age } from '../ui/age.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { isQuiet, SOURCE_WORDS } from './words.ts';

const SHOWN = 10;

/** Can these numbers be trusted? Every source with its state, age, last error, what to do, and what watching it costs. */
export function SourcesPanel({
  sources,
  receivedAtMs,
}: Readonly<{ sources: readonly SourceView[]; receivedAtMs: number | null }>) {
  const sorted = [...sources].sort((a, b) => Number(isQuiet(a.state)) - Number(isQuiet(b.state)));
  const { shown, more } = useLongList(sorted, SHOWN, 'sources');
  const frame = { title: 'Sources', question: 'Can these numbers be trusted?' };
  if (sources.length === 0) {
    return (
      <PanelFrame
        {...frame}
        state={{
          kind: 'empty',
          text: 'Nothing is watched here yet.',
          fix: 'Set REDIS_URL, DATABASE_URL or APP_METRICS_URLS, or write afterwatch.yml, and start again.',
        }}
      />
    );
  }
  const quiet = sources.filter(({ state }) => state === 'ok').length;
  return (
    <PanelFrame
      {...frame}
      state={{ kind: 'ready' }}
      aside={
        <span className="text-ink-3">
          {quiet} of {sources.length} OK
        </span>
      }
    >
      <ul>
        {shown.map((source) => (
          <SourceRow key={source.id} source={source} receivedAtMs={receivedAtMs} />
        ))}
      </ul>
      {more}
    </PanelFrame>
  );
}

/** What watching has cost today: only what was sent at all. */
function costText({ commands, connects, queries, requests }: SourceView['costToday']): string {
  const parts = [
    [commands, 'commands', 'command'],
    [queries, 'queries', 'query'],
    [requests, 'requests', 'request'],
    [connects, 'connects', 'connect'],
  ] as const;
  const sent = parts.filter(([count]) => count > 0);
  if (sent.length === 0) return 'nothing sent today';
  return `${sent.map(([count, many, one]) => `${valueText(count, 'commands')} ${count === 1 ? one : many}`).join(', ')} today`;
}

/** What stands beside the name, without saying the name again: `7.0.15 cache.internal:6379`. */
function describeSource({ name, kind, version, address }: SourceView): { what: string; where: string } {
  const what = version ?? kind;
  const repeats = what.toLowerCase().startsWith(name.toLowerCase());
  return { what: repeats ? what.slice(name.length).trim() : what, where: address === name ? '' : address };
}

function SourceRow({ source, receivedAtMs }: Readonly<{ source: SourceView; receivedAtMs: number | null }>) {
  const { name, state, ageMs, intervalMs, lastError, fix, notices, costToday } = source;
  const { what, where } = describeSource(source);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-line py-2.25 not-first:border-t tablet:grid-cols-[128px_minmax(0,1fr)_auto] desk:grid-cols-[128px_minmax(0,1fr)_160px_236px]">
      <Status {...SOURCE_WORDS[state]} />
      <p className="min-w-0 break-words max-tablet:order-3 max-tablet:col-span-2">
        <span className="font-medium">{name}</span>
        <span className="text-ink-3">
          {' '}
          {what} <span className="font-mono text-mono">{where}</span>
        </span>
      </p>
      <p className="text-right whitespace-nowrap desk:text-left">
        <Age ageMs={ageMs} receivedAtMs={receivedAtMs} />
        <span className="text-ink-3 max-tablet:hidden"> every {formatDuration(intervalMs)}</span>
      </p>
      <p className="text-ink-3 max-desk:order-4 max-desk:col-start-2 max-tablet:col-span-2 max-tablet:col-start-1 desk:text-right">
        {costText(costToday)}
      </p>
      {(lastError !== null || fix !== null || notices.length > 0) && (
        <div className="order-5 col-span-full mt-1 min-w-0 break-words text-ink-2 tablet:col-start-2">
          {lastError !== null && (
            <p>
              <time dateTime={new Date(lastError.atMs).toISOString()} className="text-ink-3">
                {formatClock(lastError.atMs)}
              </time>{' '}
              {lastError.text}
            </p>
          )}
          {fix !== null && (
            <p>
              <span className="text-ink-3">To do: </span>
              {fix}
            </p>
          )}
          {notices.map((notice) => (
            <p key={notice} className="text-label text-ink-3">
              {notice}
            </p>
          ))}
        </div>
      )}
    </li>
  );
}
