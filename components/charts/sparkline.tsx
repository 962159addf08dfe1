import { clsx } from 'clsx';

const WIDTH = 96;
const HEIGHT = 20;
/** Room for the stroke. */
const EDGE = 1.5;
/** A level stands below the top, so that a line above it can be seen. */
const HEADROOM = 1.4;

interface SparklineProps {
  /** Oldest first, from zero up; null where nothing was measured: the line has a gap there. */
  points: readonly (number | null)[];
  /** A level that is always in sight, such as the one at which an alert fires. */
  level?: number;
  className?: string;
}

/** The shape of a line in a row of a table: from zero to its own highest point, without axes. For the eye alone. */
export function Sparkline({ points, level = 0, className }: Readonly<SparklineProps>) {
  const top = Math.max(level * HEADROOM, ...points.map((point) => point ?? 0));
  const path = sparkPath(points, top);
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      className={clsx('inline-block align-middle', className)}
    >
      {level > 0 && (
        <line
          x1={0}
          x2={WIDTH}
          y1={heightOf(level, top)}
          y2={heightOf(level, top)}
          className="stroke-line-strong"
        />
      )}
      {path !== '' && (
        <path
          d={path}
          fill="none"
          strokeWidth={1.25}
          strokeLinejoin="round"
          strokeLinecap="round"
          className="stroke-ink-3"
        />
      )}
    </svg>
  );
}

/** Px from the top. */
function heightOf(value: number, top: number): string {
  return (HEIGHT - EDGE - (top > 0 ? (value / top) * (HEIGHT - 2 * EDGE) : 0)).toFixed(1);
}

/** The path of a sparkline that reaches up to `top`; a lone point is a dot. Empty without any. */
export function sparkPath(
  points: readonly (number | null)[],
  top = Math.max(0, ...points.map((point) => point ?? 0)),
): string {
  const x = (i: number): string =>
    (EDGE + (i * (WIDTH - 2 * EDGE)) / Math.max(1, points.length - 1)).toFixed(1);
  let path = '';
  for (const [i, point] of points.entries()) {
    if (point === null) continue;
    const goesOn = (points[i - 1] ?? null) !== null;
    const isAlone = !goesOn && (points[i + 1] ?? null) === null;
    path += `${goesOn ? 'L' : 'M'}${x(i)} ${heightOf(point, top)}${isAlone ? 'h0' : ''}`;
  }
  return path;
}
