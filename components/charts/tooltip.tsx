import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { Readout } from '@/lib/core/chart/readout.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';
import { type LadderRow, ladder } from '@/lib/core/units/ladder.ts';
import { seriesLook } from './series-look.ts';

interface TooltipProps {
  x: number;
  topPx: number;
  readout: Readout;
  chart: ChartView;
  window: RateWindow;
  firstSeries: number;
}

/** What the chart says at the crosshair, beside it. */
export function Tooltip({ x, topPx, readout, chart, window, firstSeries }: Readonly<TooltipProps>) {
  const only = readout.values.length === 1 ? readout.values[0] : undefined;
  const [, ...others] = only && chart.as === 'rate' ? ladder(only.value, chart.unit, null, window) : [];
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const plot = box.current?.offsetParent;
    if (box.current === null || !(plot instanceof HTMLElement)) return;
    // Through the object model: the policy allows it, and the width is only known now.
    box.current.style.top = `${topPx}px`;
    box.current.style.left = `${tooltipLeftPx((x / 100) * plot.clientWidth, box.current.offsetWidth, plot.clientWidth)}px`;
  });
  return (
    <div
      ref={box}
      aria-hidden="true"
      data-testid="chart-tooltip"
      className="pointer-events-none absolute z-10 min-w-40 rounded-control border border-line-strong bg-surface px-3 py-2 shadow-float"
    >
      <p className="mb-1 flex gap-x-2 text-label text-ink-3">
        <span>{readout.time}</span>
        {readout.since !== null && <span>{readout.since}</span>}
      </p>
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 whitespace-nowrap">
        {readout.values.map(({ key, label, exact, value }, index) => (
          <Row
            key={key}
            term={
              only ? (
                memoryWord(readout.remembered)
              ) : (
                <Keyed label={label} fill={seriesLook(firstSeries + index, chart.stale).fill} />
              )
            }
            text={exact}
            isStrong={value !== null}
          />
        ))}
        {others.map((rung) => (
          <Row key={rung.window} term={RUNG_WORDS[rung.window]} text={rungText(rung)} isStrong={false} />
        ))}
        {readout.context.map(({ label, text }) => (
          <Row key={label} term={label} text={text} isStrong={false} />
        ))}
      </dl>
      {readout.remark !== null && (
        <p className="mt-1 text-label whitespace-nowrap text-ink-3">{readout.remark}</p>
      )}
    </div>
  );
}

/** How far a tooltip may reach over the sides of the plot: there are margins. */
const LEFT_MARGIN_PX = 44;
const RIGHT_MARGIN_PX = 6;
const AWAY_PX = 12;

/** Beside the line, on the side with more room; on a narrow plot as far away as the plot allows. */
export function tooltipLeftPx(atPx: number, widthPx: number, plotPx: number): number {
  const wished = atPx > plotPx / 2 ? atPx - AWAY_PX - widthPx : atPx + AWAY_PX;
  const most = plotPx + RIGHT_MARGIN_PX - widthPx;
  return Math.max(-LEFT_MARGIN_PX, Math.min(wished, most));
}

const RUNG_WORDS: Record<LadderRow['window'], string> = {
  s: 'a second',
  min: 'a minute',
  h: 'an hour',
  day: 'a day',
  money: 'costs',
};

/** What a provider remembers is never called measured. */
const memoryWord = (isRemembered: boolean) => (isRemembered ? 'backfilled' : 'measured');

const rungText = ({ text, remark }: LadderRow) => (remark === '' ? text : `${text} ${remark}`);

/** The name of a line beside its colour. */
function Keyed({ label, fill }: Readonly<{ label: string; fill: string }>) {
  return (
    <span className="inline-flex items-center gap-x-1.5">
      <svg width={8} height={8} aria-hidden="true">
        <circle cx={4} cy={4} r={3.5} className={fill} />
      </svg>
      {label}
    </span>
  );
}

function Row({ term, text, isStrong }: Readonly<{ term: ReactNode; text: string; isStrong: boolean }>) {
  return (
    <>
      <dt className="text-ink-3">{term}</dt>
      <dd className={`max-w-36 text-right whitespace-normal ${isStrong ? 'font-medium' : 'text-ink-2'}`}>
        {text}
      </dd>
    </>
  );
}
