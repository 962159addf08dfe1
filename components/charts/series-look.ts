/** Series colours in their fixed order; they never mean good or bad. */
const STROKES = [
  'stroke-s1',
  'stroke-s2',
  'stroke-s3',
  'stroke-s4',
  'stroke-s5',
  'stroke-s6',
  'stroke-s7',
  'stroke-s8',
];
const FILLS = ['fill-s1', 'fill-s2', 'fill-s3', 'fill-s4', 'fill-s5', 'fill-s6', 'fill-s7', 'fill-s8'];

/** Classes for the line with this index; data that are out of date lose their colour. */
export function seriesLook(index: number, stale: boolean): { stroke: string; fill: string } {
  if (stale) return { stroke: 'stroke-base', fill: 'fill-base' };
  const at = index % STROKES.length;
  return { stroke: STROKES[at] ?? 'stroke-s1', fill: FILLS[at] ?? 'fill-s1' };
}
