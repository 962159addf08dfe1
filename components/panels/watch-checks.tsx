'use client';

import type { WatchCheck } from '@/lib/core/model/verdict.ts';
import type { WatchDetail } from '@/lib/core/model/watch.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { formatClock, formatStamp } from '@/lib/core/units/clock.ts';
import { NBSP } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Button } from '../ui/button.tsx';
import { Glyph, type GlyphName } from '../ui/glyph.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { checkWords, MARK_GLYPHS } from './watch-words.ts';

const SHOWN = 24;

interface WatchChecksProps {
  detail: Pick<WatchDetail, 'view' | 'checks'>;
  isBusy: boolean;
  onSign: (check: WatchCheck) => void;
  onUnsign: (check: WatchCheck) => void;
}

interface Line {
  key: string;
  /** After T₀. */
  offsetMs: number;
  label: string;
  glyph: GlyphName;
  title: string;
  detail: string | null;
  check: WatchCheck | null;
}

/** The checklist along its own rail: what the machine looked at with its evidence, and what a person has to sign. */
export function WatchChecks({ detail, isBusy, onSign, onUnsign }: Readonly<WatchChecksProps>) {
  const { zone } = useChartPage();
  const { checks } = detail;
  const lines = linesOf(detail, (atMs) => formatClock(atMs, 'minutes', zone));
  const { shown, more } = useLongList(lines, SHOWN, 'lines');
  const looked = checks.filter(({ state }) => state !== 'waiting').length;
  return (
    <PanelFrame
      title="Checklist"
      question={`${looked} of ${checks.length} looked at`}
      state={
        checks.length === 0 ? { kind: 'empty', text: 'There is nothing to look at.' } : { kind: 'ready' }
      }
    >
      <ol className="flex flex-col">
        {shown.map(({ key, label, glyph, title, detail: text, check }, n) => (
          <li key={key} className="grid grid-cols-[52px_16px_minmax(0,1fr)] gap-x-2.5">
            <span className="text-right whitespace-nowrap text-ink-3">{label}</span>
            <span className="flex flex-col items-center">
              <span className="mt-0.5">
                <Glyph name={glyph} />
              </span>
              {n < shown.length - 1 && <span className="mt-1 min-h-3 w-px grow bg-line-strong" />}
            </span>
            <div className="min-w-0 pb-3.5">
              <p className="font-medium break-words">{title}</p>
              {text !== null && <p className="text-label break-words text-ink-3">{text}</p>}
              {check?.signed != null && (
                <p className="flex flex-wrap items-center gap-x-2 text-label break-words text-ink-2">
                  <span className="min-w-0">
                    Signed by {check.signed.by}, {formatStamp(check.signed.atMs, 'minutes', zone)}
                    {check.signed.note !== null && `: ${check.signed.note}`}
                  </span>
                  <Button
                    size="small"
                    look="ghost"
                    className="no-print"
                    aria-label={`Take the tick back: ${title}`}
                    disabled={isBusy}
                    onClick={() => onUnsign(check)}
                  >
                    Take back
                  </Button>
                </p>
              )}
              {check !== null && !check.automatic && check.signed === null && (
                <Button
                  size="small"
                  className="no-print mt-1"
                  aria-label={`Sign: ${title}`}
                  disabled={isBusy}
                  onClick={() => onSign(check)}
                >
                  Sign
                </Button>
              )}
            </div>
          </li>
        ))}
      </ol>
      {more}
    </PanelFrame>
  );
}

/** Checks in the order of their time, with the beginning and what cut the watch short among them. */
function linesOf(
  { view, checks }: WatchChecksProps['detail'],
  clock: (atMs: number) => string,
): readonly Line[] {
  const { interruption, originMs, release } = view;
  const lines: Line[] = checks.map((check) => ({
    key: check.id,
    offsetMs: check.dueMs,
    label: offsetText(check.dueMs),
    glyph: checkWords(check).glyph,
    title: check.title,
    detail: detailOf(check, clock(originMs + check.dueMs)),
    check,
  }));
  lines.push({
    key: 'origin',
    offsetMs: 0,
    label: 'T₀',
    glyph: 'mark',
    title: `${release} begins`,
    detail: clock(originMs),
    check: null,
  });
  if (interruption !== null) {
    const offsetMs = interruption.atMs - originMs;
    lines.push({
      key: 'interruption',
      offsetMs,
      label: offsetText(Math.floor(offsetMs / 60_000) * 60_000),
      glyph: MARK_GLYPHS[interruption.kind],
      title: interruption.release,
      detail: `${clock(interruption.atMs)}, it cuts the watch short`,
      check: null,
    });
  }
  return lines.sort((a, b) => a.offsetMs - b.offsetMs || Number(a.key === 'origin' ? 0 : 1));
}

/** The state in words first, then what was seen; before it is due, when that is. */
function detailOf(check: WatchCheck, dueAt: string): string {
  const { word, detail } = checkWords(check);
  const { state, evidence, provisional, automatic } = check;
  if (state === 'waiting' && evidence === null)
    return automatic ? `Waiting, due ${dueAt}` : `A person signs, due ${dueAt}`;
  const states = [word, detail, provisional && detail === undefined ? 'provisional' : undefined]
    .filter((part) => part !== undefined)
    .join(', ');
  return evidence === null ? states : `${states}: ${evidence}`;
}

function offsetText(offsetMs: number): string {
  return offsetMs % HOUR_MS === 0 && offsetMs > 0
    ? `${offsetMs / HOUR_MS}${NBSP}h`
    : formatDuration(offsetMs);
}
