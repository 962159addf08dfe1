import { clsx } from 'clsx';
import type { ReactNode } from 'react';

/**
 * Six shapes: disc, triangle, octagon, dashed ring, bars and diamond (with the play mark for "runs"), and a sign in
 * them that tells states of one shape apart. Filled is final, outlined is provisional. A glyph never stands alone: a word is always beside it.
 */
export const GLYPHS = [
  'good',
  'good_outline',
  'track',
  'warn',
  'warn_outline',
  'mostly',
  'pending',
  'recovering',
  'bad',
  'bad_outline',
  'alarm',
  'worse',
  'relapsed',
  'unknown',
  'undecided',
  'starting',
  'nothing',
  'silenced',
  'idle',
  'runs',
  'paused',
  'half',
  'mark',
  'mark_outline',
] as const;
export type GlyphName = (typeof GLYPHS)[number];

const TRIANGLE = 'M8 2 15 14H1Z';
const OCTAGON = 'M5.2 1.2h5.6L14.8 5.2v5.6L10.8 14.8H5.2L1.2 10.8V5.2Z';
const DIAMOND = 'M8 1.5 14.5 8 8 14.5 1.5 8Z';
const TICK = 'M4.9 8.2 7.1 10.4 11.2 5.9';
const CROSS = 'M5.6 5.6 10.4 10.4M10.4 5.6 5.6 10.4';
const BANG = 'M8 4.9v3.3M8 11v.05';
const BANG_LOW = 'M8 6.3v3.1M8 11.7v.05';
const QUERY = 'M6.3 6.5a1.75 1.75 0 1 1 2.6 1.5c-.6.35-.9.65-.9 1.3M8 11.5v.05';
const CLOCK = 'M8 5v3l2 1.3';
const ONWARDS = 'M5 8h5.6M8.4 5.7 10.8 8 8.4 10.3';
const UPWARDS = 'M8 11.2V4.9M5.4 7.4 8 4.8 10.6 7.4';
const BACK_AGAIN = 'M10.9 6.2A3.3 3.3 0 1 0 11.3 8.6M11.2 4.4v2.1H9.1';

function Stroke({ d, className, width = 1.6 }: { d: string; className: string; width?: number }) {
  return (
    <path
      d={d}
      className={clsx('fill-none', className)}
      strokeWidth={width}
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  );
}

function Shape({ d, className }: { d: string; className: string }) {
  return <path d={d} className={className} strokeWidth={1} strokeLinejoin="round" />;
}

function Ring({ className, dashed = false }: { className: string; dashed?: boolean }) {
  return (
    <circle
      cx={8}
      cy={8}
      r={6.2}
      className={clsx('fill-none', className)}
      strokeWidth={1.5}
      {...(dashed ? { strokeDasharray: '2.2 1.7' } : {})}
    />
  );
}

function drawing(name: GlyphName): ReactNode {
  switch (name) {
    case 'good':
      return (
        <>
          <circle cx={8} cy={8} r={6.5} className="fill-ok stroke-ok-edge" strokeWidth={1} />
          <Stroke d={TICK} className="stroke-knock" width={1.8} />
        </>
      );
    case 'good_outline':
      return (
        <>
          <Ring className="stroke-ok-edge" />
          <Stroke d={TICK} className="stroke-ok-edge" />
        </>
      );
    case 'track':
      return (
        <>
          <Ring className="stroke-ok-edge" />
          <Stroke d={ONWARDS} className="stroke-ok-edge" width={1.5} />
        </>
      );
    case 'mostly':
      return (
        <>
          <Shape d={TRIANGLE} className="fill-watch stroke-watch-edge" />
          <Stroke d="M5.9 10 7.5 11.5 10.2 8.4" className="stroke-knock-watch" width={1.5} />
        </>
      );
    case 'pending':
      return (
        <>
          <Stroke d={TRIANGLE} className="stroke-watch-edge" width={1.5} />
          <Stroke d="M8 6.6v2.5l1.6 1" className="stroke-watch-edge" width={1.4} />
        </>
      );
    case 'recovering':
      return (
        <>
          <Stroke d={TRIANGLE} className="stroke-watch-edge" width={1.5} />
          <Stroke d="M8 11.6V7.2M6.3 8.8 8 7.1 9.7 8.8" className="stroke-watch-edge" width={1.4} />
        </>
      );
    case 'worse':
      return (
        <>
          <Shape d={OCTAGON} className="fill-bad stroke-bad-edge" />
          <Stroke d={UPWARDS} className="stroke-knock" width={1.7} />
        </>
      );
    case 'relapsed':
      return (
        <>
          <Shape d={OCTAGON} className="fill-bad stroke-bad-edge" />
          <Stroke d={BACK_AGAIN} className="stroke-knock" width={1.4} />
        </>
      );
    case 'undecided':
      return (
        <>
          <Ring className="stroke-unk-edge" dashed />
          <Stroke d="M5.4 8h5.2" className="stroke-unk-edge" />
        </>
      );
    case 'silenced':
      return (
        <>
          <Ring className="stroke-unk-edge" />
          <Stroke d="M4.2 11.8 11.8 4.2" className="stroke-unk-edge" />
        </>
      );
    case 'warn':
      return (
        <>
          <Shape d={TRIANGLE} className="fill-watch stroke-watch-edge" />
          <Stroke d={BANG_LOW} className="stroke-knock-watch" />
        </>
      );
    case 'warn_outline':
      return (
        <>
          <Stroke d={TRIANGLE} className="stroke-watch-edge" width={1.5} />
          <Stroke d={BANG_LOW} className="stroke-watch-edge" />
        </>
      );
    case 'bad':
      return (
        <>
          <Shape d={OCTAGON} className="fill-bad stroke-bad-edge" />
          <Stroke d={CROSS} className="stroke-knock" width={1.8} />
        </>
      );
    case 'bad_outline':
      return (
        <>
          <Stroke d={OCTAGON} className="stroke-bad-edge" width={1.5} />
          <Stroke d={BANG} className="stroke-bad-edge" />
        </>
      );
    case 'alarm':
      return (
        <>
          <Shape d={OCTAGON} className="fill-bad stroke-bad-edge" />
          <Stroke d={BANG} className="stroke-knock" width={1.8} />
        </>
      );
    case 'unknown':
      return (
        <>
          <Ring className="stroke-unk-edge" dashed />
          <Stroke d={QUERY} className="stroke-unk-edge" width={1.5} />
        </>
      );
    case 'starting':
      return (
        <>
          <Ring className="stroke-unk-edge" dashed />
          <Stroke d={CLOCK} className="stroke-unk-edge" width={1.5} />
        </>
      );
    case 'nothing':
      return <Ring className="stroke-unk-edge" dashed />;
    case 'idle':
      return <Ring className="stroke-line-ink" />;
    case 'runs':
      return <Shape d="M4 2.3 14 8 4 13.7Z" className="fill-ok stroke-ok-edge" />;
    case 'paused':
      return (
        <>
          <rect
            x={3.2}
            y={2}
            width={3.4}
            height={12}
            rx={1}
            className="fill-susp stroke-susp-edge"
            strokeWidth={1}
          />
          <rect
            x={9.4}
            y={2}
            width={3.4}
            height={12}
            rx={1}
            className="fill-susp stroke-susp-edge"
            strokeWidth={1}
          />
        </>
      );
    case 'half':
      return (
        <>
          <rect
            x={2.6}
            y={2}
            width={3.4}
            height={12}
            rx={1}
            className="fill-susp stroke-susp-edge"
            strokeWidth={1}
          />
          <Shape d="M9 2.6 14.4 8 9 13.4Z" className="fill-ok stroke-ok-edge" />
        </>
      );
    case 'mark':
      return <Shape d={DIAMOND} className="fill-info stroke-info-edge" />;
    case 'mark_outline':
      return <Stroke d={DIAMOND} className="stroke-info-edge" />;
    default:
      return name satisfies never;
  }
}

/** One status glyph, 16 px (14 in notes). Decorative for a screen reader: the word beside it speaks. */
export function Glyph({ name, size = 16 }: Readonly<{ name: GlyphName; size?: 14 | 16 }>) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className="block shrink-0">
      {drawing(name)}
    </svg>
  );
}
