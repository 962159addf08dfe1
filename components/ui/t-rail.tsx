import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import type { RailGeometry, RailPlace, RailStop } from '@/lib/core/rail/rail.ts';
import { Glyph, type GlyphName } from './glyph.tsx';

/** What stands at a stop: texts are made by the caller. */
export interface RailStopLook {
  glyph: GlyphName;
  /** `5 m` */
  label: string;
  /** `22:15` */
  clock: string;
}

interface TRailProps {
  geometry: RailGeometry;
  stops: readonly RailStopLook[];
  /** At the interruption, if there is one. */
  cut: RailStopLook | null;
  /** `T+02:40` */
  now: string;
  /** The whole of it in one sentence. */
  label: string;
}

const pct = (share: number) => `${(share * 100).toFixed(3)}%`;

/**
 * The T+ rail: stops equally far apart, the passed part in ink, a glyph on each stop, the time now in a pill that covers
 * none of them. 62 high; on a phone 56, with a bar for now and its time below.
 */
export function TRail(props: Readonly<TRailProps>) {
  return (
    <div role="img" aria-label={props.label} className="pr-3.5 pl-2 tablet:pr-5.5">
      <svg
        width="100%"
        height={56}
        aria-hidden="true"
        className="block overflow-visible text-axis tablet:hidden"
      >
        <Phone {...props} />
      </svg>
      <svg
        width="100%"
        height={62}
        aria-hidden="true"
        className="block overflow-visible text-label max-tablet:hidden"
      >
        <Desk {...props} />
      </svg>
    </div>
  );
}

/** Moves its children along the rail. */
function At({ place, children }: Readonly<{ place: number; children: ReactNode }>) {
  return (
    <svg aria-hidden="true" x={pct(place)} className="overflow-visible">
      {children}
    </svg>
  );
}

function Track({ geometry, y }: Readonly<{ geometry: RailGeometry; y: number }>) {
  const { now, whole, cut } = geometry;
  return (
    <>
      <line x1={0} x2="100%" y1={y} y2={y} strokeWidth={2} className="stroke-line-strong" />
      <line x1={0} x2={pct(whole)} y1={y} y2={y} strokeWidth={2} className="stroke-ink" />
      {cut !== null && (
        <>
          <line x1={pct(cut)} x2={pct(now)} y1={y} y2={y} strokeWidth={3} className="stroke-canvas" />
          <line
            x1={pct(cut)}
            x2={pct(now)}
            y1={y}
            y2={y}
            strokeWidth={2}
            strokeDasharray="3 4"
            className="stroke-unk"
          />
        </>
      )}
    </>
  );
}

function StopGlyph({ name, y }: Readonly<{ name: GlyphName; y: number }>) {
  return (
    <>
      <circle cx={0} cy={y} r={9.5} className="fill-canvas" />
      <g transform={`translate(-8 ${y - 8})`}>
        <Glyph name={name} />
      </g>
    </>
  );
}

type Anchor = 'start' | 'middle' | 'end';

/** The first and last labels keep inside the rail's own ends. */
function anchorOf(index: number, count: number, endPx: number): { anchor: Anchor; dx: number } {
  if (index === 0) return { anchor: 'start', dx: -8 };
  if (index === count - 1) return { anchor: 'end', dx: endPx };
  return { anchor: 'middle', dx: 0 };
}

const labelLook = (stop: RailStop) => clsx('font-medium', stop.passed ? 'fill-ink' : 'fill-ink-3');

function Desk({ geometry, stops, cut, now }: Readonly<TRailProps>) {
  const y = 34;
  return (
    <>
      <Track geometry={geometry} y={y} />
      {geometry.stops.map((stop, index) => {
        const look = stops[index];
        if (look === undefined) return null;
        const { anchor, dx } = anchorOf(index, geometry.stops.length, 22);
        return (
          <At key={stop.offsetMs} place={stop.at}>
            <StopGlyph name={look.glyph} y={y} />
            {stop.labelled && (
              <>
                <text x={dx} y={12} textAnchor={anchor} className={labelLook(stop)}>
                  {look.label}
                </text>
                <text x={dx} y={58} textAnchor={anchor} className="fill-ink-3 text-axis">
                  {look.clock}
                </text>
              </>
            )}
          </At>
        );
      })}
      {geometry.cut !== null && cut !== null && (
        <At place={geometry.cut}>
          <StopGlyph name={cut.glyph} y={y} />
          <text y={12} textAnchor="middle" className="fill-ink font-medium">
            {cut.label}
          </text>
          <text y={58} textAnchor="middle" className="fill-ink-3 text-axis">
            {cut.clock}
          </text>
        </At>
      )}
      <Pill place={geometry.pill.narrow} y={y} text={now} className="desk:hidden" />
      <Pill place={geometry.pill.wide} y={y} text={now} className="max-desk:hidden" />
    </>
  );
}

function Pill({
  place,
  y,
  text,
  className,
}: Readonly<{ place: RailPlace; y: number; text: string; className: string }>) {
  return (
    <g className={className}>
      <At place={place.at}>
        <g transform={`translate(${place.shiftPx} ${y})`}>
          <rect x={-32} y={-10} width={64} height={20} rx={10} className="fill-ink" />
          <text y={4} textAnchor="middle" className="fill-canvas text-axis font-semibold">
            {text}
          </text>
        </g>
      </At>
    </g>
  );
}

/** On a phone rail shorter than this share between two of them, clocks would touch. */
const PHONE_CLEAR = 0.19;

function Phone({ geometry, stops, cut, now }: Readonly<TRailProps>) {
  const y = 30;
  const last = geometry.stops.length - 1;
  // The time below the bar stays inside the rail.
  const nowLabel = Math.min(1 - 0.06, Math.max(0.06, geometry.now));
  return (
    <>
      <Track geometry={geometry} y={y} />
      {geometry.stops.map((stop, index) => {
        const look = stops[index];
        if (look === undefined) return null;
        const { anchor, dx } = anchorOf(index, geometry.stops.length, 14);
        const hasClock = (index % 2 === 0 && index < last - 1) || index === last;
        return (
          <At key={stop.offsetMs} place={stop.at}>
            <StopGlyph name={look.glyph} y={y} />
            <text x={dx} y={12} textAnchor={anchor} className={labelLook(stop)}>
              {look.label.replace(/\s/, '')}
            </text>
            {hasClock && Math.abs(stop.at - nowLabel) > PHONE_CLEAR && (
              <text x={dx} y={54} textAnchor={anchor} className="fill-ink-3">
                {look.clock}
              </text>
            )}
          </At>
        );
      })}
      {geometry.cut !== null && cut !== null && (
        <At place={geometry.cut}>
          <StopGlyph name={cut.glyph} y={y} />
        </At>
      )}
      <At place={geometry.now}>
        <rect
          x={-2.5}
          y={y - 9}
          width={5}
          height={18}
          rx={2.5}
          strokeWidth={2}
          className="fill-ink stroke-canvas"
        />
      </At>
      <At place={nowLabel}>
        <text y={54} textAnchor="middle" className="fill-ink font-semibold">
          {now}
        </text>
      </At>
    </>
  );
}
