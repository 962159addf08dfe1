'use client';

import { actsText } from '@/lib/core/sources/cost.ts';
import { readMends, withoutCommand } from '@/lib/core/sources/mend.ts';
import type { SourceSettingView, SourceTestView } from '@/lib/core/sources/settings-view.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { valueText } from '@/lib/core/units/format-value.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { Button } from '../ui/button.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { Status } from '../ui/status.tsx';
import { CopyBlock } from './settings-copy.tsx';
import { SOURCE_WORDS } from './words.ts';

const SHOWN = 12;

interface TestResultProps {
  source: Pick<SourceSettingView, 'kind' | 'name'>;
  result: SourceTestView;
  zone?: Zone;
  onCopy: (text: string) => void;
  onPutAway: () => void;
}

/** What one visit found: what was read, and what is missing with the command that mends it. */
export function TestResult({ source, result, zone = 'UTC', onCopy, onPutAway }: Readonly<TestResultProps>) {
  const { error, notices, metrics, durationMs, spent, state, atMs } = result;
  const { shown, more } = useLongList(metrics, SHOWN, 'metrics');
  const samples = metrics.reduce((sum, one) => sum + one.samples, 0);
  return (
    <section
      aria-label={`Test of ${source.name}`}
      className="mt-2 rounded-box border border-line-strong bg-surface p-3"
    >
      <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Status {...SOURCE_WORDS[state]} />
        <span className="text-ink-2">
          {error === null
            ? `${samples.toLocaleString('en-US')} samples of ${metrics.length} metrics`
            : withoutCommand(error.message)}
        </span>
        <span className="text-ink-3">
          at {formatStamp(atMs, 'seconds', zone)}, in {Math.round(durationMs).toLocaleString('en-US')} ms,
          sent {actsText(spent)}
        </span>
        <Button size="small" look="ghost" className="ml-auto" onClick={onPutAway}>
          Done
        </Button>
      </div>
      <Mends source={source} error={error} notices={notices} onCopy={onCopy} />
      {metrics.length > 0 && (
        <>
          <ul className="mt-2 grid gap-x-6 tablet:grid-cols-2">
            {shown.map(({ metric, unit, samples: count, value }) => (
              <li key={metric} className="flex min-w-0 justify-between gap-3 border-t border-line py-1">
                <code className="min-w-0 font-mono text-mono break-all">{metric}</code>
                <span className="whitespace-nowrap text-ink-2">
                  {value === null ? `${count.toLocaleString('en-US')} series` : valueText(value, unit)}
                </span>
              </li>
            ))}
          </ul>
          {more}
        </>
      )}
    </section>
  );
}

/** Rights that are missing with what mends them, then everything else that the source says. */
export function Mends({
  source,
  error,
  notices,
  onCopy,
}: Readonly<{
  source: Pick<SourceSettingView, 'kind' | 'name'>;
  error: SourceSettingView['error'];
  notices: SourceSettingView['notices'];
  onCopy: (text: string) => void;
}>) {
  const mends = readMends({ kind: source.kind, error, notices });
  return (
    <>
      {notices.map(({ text }) => (
        <p key={text} className="text-label break-words text-ink-3 first-letter:uppercase">
          {withoutCommand(text)}
        </p>
      ))}
      {mends.map(({ weight, missing, kind, text, remark }) => (
        <div key={text} className="mt-1.5">
          <p className="break-words text-ink-2">
            <span className="text-ink-3">{weight === 'grant' ? 'Missing: ' : 'Better with: '}</span>
            {missing}
            {remark !== null && <span className="text-ink-3"> ({remark})</span>}
          </p>
          {kind === 'run' ? (
            <CopyBlock text={text} label={`the command for ${source.name}`} onCopy={onCopy} />
          ) : (
            <p className="text-ink-2">
              <span className="text-ink-3">To do: </span>
              {text}
            </p>
          )}
        </div>
      ))}
    </>
  );
}
