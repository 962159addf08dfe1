/** The light theme of the pages, written out: a picture has no stylesheet. */
export const COLOURS = {
  canvas: '#fbfbfa',
  sunken: '#f4f4f2',
  line: '#e9e8e4',
  lineInk: '#bdbcb5',
  ink: '#15171c',
  ink2: '#484c55',
  ink3: '#696d76',
  ok: '#007d5b',
  watch: '#9a6a00',
  bad: '#b04d00',
  unknown: '#6b7280',
  info: '#005c91',
  series: ['#4b5bd4', '#a2691c', '#0b8599'],
} as const;
