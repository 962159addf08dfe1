'use client';

import type { SourceView } from '@/lib/core/model/view.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Age } from '../ui/age.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame, type PanelState } from '../ui/panel-frame.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Status } from '../ui/status.tsx';
import { costADayText, costTodayText } from './cost-words.ts';
import { isQuiet, SOURCE_WORDS } from './words.ts';

const SHOWN = 10;

interface SourcesPanelProps {
  sources: readonly SourceView[];
  receivedAtMs: number | null;
  /** What the page knows beyond the data: the first read is under way, or the last one failed. */
  state?: PanelState;
}

/** Can these numbers be trusted? Every source with its state, age, last error, what to do, and what watching it costs. */
export function SourcesPanel({ sources, receivedAtMs, state }: Readonly<SourcesPanelProps>) {
  const sorted = [...sources].sort((a, b) => Number(isQuiet(a.state)) - Number(isQuiet(b.state)));
  const { shown, more } = useLongList(sorted, SHOWN, 'sources');
  const okCount = sources.filter((source) => source.state === 'ok').length;
  return (
    <PanelFrame
      title="Sources"
      question="Can these numbers be trusted?"
      state={
        state ??
        (sources.length > 0
          ? { kind: 'ready' }
          : {
              kind: 'empty',
              text: 'Nothing is watched here yet.',
              fix: 'Set REDIS_URL, DATABASE_URL or APP_METRICS_URLS, or write afterwatch.yml, and start again.',
            })
      }
      skeleton={<Skeleton rows={4} />}
      aside={
        sources.length > 0 && (
          <span className="text-ink-3">
            {okCount} of {sources.length} OK
          </span>
        )
      }
    >
      <ul className="@container">
        {shown.map((source) => (
          <SourceRow key={source.id} source={source} receivedAtMs={receivedAtMs} />
        ))}
      </ul>
      {more}
    </PanelFrame>
  );
}

/** What stands beside the name, without saying the name again: `7.0.15 cache.internal:6379`. */
function describeSource({ name, kind, version, address }: SourceView): { what: string; where: string } {
  const what = version ?? kind;
  const repeats = what.toLowerCase().startsWith(name.toLowerCase());
  return { what: repeats ? what.slice(name.length).trim() : what, where: address === name ? '' : address };
}

/** By the room that the panel has: one column, then two lines, then all in one line. */
const ROW = [
  'grid gap-x-4 border-line py-2.25 not-first:border-t grid-cols-[minmax(0,1fr)_auto]',
  "[grid-template-areas:'state_age'_'name_name'_'cost_cost'_'more_more']",
  '@[480px]:grid-cols-[116px_minmax(0,1fr)_auto]',
  "@[480px]:[grid-template-areas:'state_name_age'_'._cost_cost'_'._more_more']",
  '@[860px]:grid-cols-[128px_minmax(0,1fr)_172px_272px]',
  "@[860px]:[grid-template-areas:'state_name_age_cost'_'._more_more_more']",
].join(' ');

function Clock({ atMs }: Readonly<{ atMs: number }>) {
  const { zone } = useChartPage();
  return <time dateTime={new Date(atMs).toISOString()}>{formatClock(atMs, 'minutes', zone)}</time>;
}

function SourceRow({ source, receivedAtMs }: Readonly<{ source: SourceView; receivedAtMs: number | null }>) {
  const { name, state, ageMs, lagMs, intervalMs, lastError, fix, notices, observer } = source;
  const { what, where } = describeSource(source);
  return (
    <li className={ROW}>
      <span className="[grid-area:state]">
        <Status {...SOURCE_WORDS[state]} />
        {observer.pausedUntilMs !== null && (
          <span className="block pl-5 whitespace-nowrap text-ink-3">
            until <Clock atMs={observer.pausedUntilMs} />
          </span>
        )}
      </span>
      <p className="min-w-0 break-words [grid-area:name]">
        <span className="font-medium">{name}</span>
        <span className="text-ink-3">
          {' '}
          {what} <span className="font-mono text-mono">{where}</span>
        </span>
      </p>
      <p className="text-right whitespace-nowrap [grid-area:age] @[860px]:text-left">
        <Age ageMs={ageMs} receivedAtMs={receivedAtMs} />
        <span className="text-ink-3 @max-[480px]:hidden"> every {formatDuration(intervalMs)}</span>
      </p>
      <p className="text-ink-3 [grid-area:cost] @[860px]:text-right">
        {costTodayText(source)}
        {[costADayText(observer), lagMs !== null && lagMs > 0 && `lags by ${formatDuration(lagMs)}`].map(
          (words) =>
            words && (
              <span key={words} className="@[860px]:block">
                <span className="@[860px]:hidden">; </span>
                {words}
              </span>
            ),
        )}
      </p>
      {(lastError !== null || fix !== null || notices.length > 0) && (
        <div className="mt-1 min-w-0 break-words text-ink-2 [grid-area:more]">
          {lastError !== null && (
            <p>
              <span className="text-ink-3">
                <Clock atMs={lastError.atMs} />
              </span>{' '}
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
