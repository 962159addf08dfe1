import { clsx } from 'clsx';

const WIDTH = 96;
const HEIGHT = 20;
/** Room for the stroke. */
const EDGE = 1.5;

interface SparklineProps {
  /** Oldest first, from zero up; null where nothing was measured: the line has a gap there. */
  points: readonly (number | null)[];
  className?: string;
}

/** The shape of a line in a row of a table: from zero to its own highest point, without axes. For the eye alone. */
export function Sparkline({ points, className }: Readonly<SparklineProps>) {
  const path = sparkPath(points);
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      className={clsx('inline-block align-middle', className)}
    >
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

/** The path of a sparkline; a lone point is a dot. Empty without any. */
export function sparkPath(points: readonly (number | null)[]): string {
  const top = Math.max(0, ...points.map((point) => point ?? 0));
  const x = (i: number): string =>
    (EDGE + (i * (WIDTH - 2 * EDGE)) / Math.max(1, points.length - 1)).toFixed(1);
  const y = (value: number): string =>
    (HEIGHT - EDGE - (top > 0 ? (value / top) * (HEIGHT - 2 * EDGE) : 0)).toFixed(1);
  let path = '';
  for (const [i, point] of points.entries()) {
    if (point === null) continue;
    const goesOn = (points[i - 1] ?? null) !== null;
    const isAlone = !goesOn && (points[i + 1] ?? null) === null;
    path += `${goesOn ? 'L' : 'M'}${x(i)} ${y(point)}${isAlone ? 'h0' : ''}`;
  }
  return path;
}
