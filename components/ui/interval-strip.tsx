import { STRIP_LIMIT_AT, type StripGeometry } from '@/lib/core/strip/strip.ts';

const pct = (share: number) => `${(share * 100).toFixed(2)}%`;
const LIMIT = pct(STRIP_LIMIT_AT);

/**
 * Where an estimate and its interval lie against a promise: the promised zone on the right, its limit at the same place
 * in every strip of a table. 20 high, as wide as its place. Grey when the claim can't be told.
 */
export function IntervalStrip({
  geometry,
  label,
  muted = false,
}: Readonly<{ geometry: StripGeometry; label: string; muted?: boolean }>) {
  const { before, estimate, interval } = geometry;
  const look = muted
    ? { bar: 'stroke-unk/30', dot: 'fill-unk-edge stroke-canvas' }
    : { bar: 'stroke-s1/30', dot: 'fill-s1 stroke-canvas' };
  return (
    <svg role="img" aria-label={label} width="100%" height={20} className="block overflow-visible">
      <rect
        x={LIMIT}
        y={1}
        width={pct(1 - STRIP_LIMIT_AT)}
        height={18}
        rx={3}
        className="fill-hover stroke-line"
      />
      <line x1={0} x2="100%" y1={10} y2={10} className="stroke-line-strong" />
      <line x1={LIMIT} x2={LIMIT} y1={0} y2={20} className="stroke-ink-2" strokeWidth={1.3} />
      {typeof before === 'number' ? (
        <line x1={pct(before)} x2={pct(before)} y1={6} y2={14} className="stroke-line-ink" />
      ) : (
        <OffScale side={before} />
      )}
      {interval !== null && (
        <line
          x1={pct(interval.from)}
          x2={pct(interval.to)}
          y1={10}
          y2={10}
          strokeWidth={8}
          strokeLinecap="round"
          className={look.bar}
        />
      )}
      {estimate !== null && (
        <circle cx={pct(estimate)} cy={10} r={3.6} strokeWidth={1.3} className={look.dot} />
      )}
    </svg>
  );
}

/** The level before lies further out than the strip reaches: dots at that end. */
function OffScale({ side }: Readonly<{ side: 'left' | 'right' }>) {
  return (
    <svg aria-hidden="true" x={side === 'left' ? '0%' : '100%'} className="overflow-visible">
      <g transform={side === 'left' ? undefined : 'translate(-16 0)'}>
        <rect x={0} y={9} width={16} height={2} className="fill-canvas" />
        <line x1={1} x2={15} y1={10} y2={10} strokeDasharray="2 3" className="stroke-line-ink" />
      </g>
    </svg>
  );
}
