import type { ReactNode } from 'react';
import { PATH_WIDTH } from '@/lib/core/chart/geometry.ts';

/**
 * Holds paths whose `x` is in thousandths of the plot's width: they are stretched, their strokes are not. `fromY` and
 * `toY` cut off what lies outside; they are in px, as is everything vertical.
 */
export function Stretched({
  fromY = 0,
  toY,
  children,
}: Readonly<{ fromY?: number; toY: number; children: ReactNode }>) {
  return (
    <svg
      aria-hidden="true"
      x={0}
      y={fromY}
      width="100%"
      height={toY - fromY}
      viewBox={`0 ${fromY} ${PATH_WIDTH} ${toY - fromY}`}
      preserveAspectRatio="none"
      overflow="hidden"
    >
      {children}
    </svg>
  );
}
