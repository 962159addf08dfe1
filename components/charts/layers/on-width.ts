import type { PlotWidth } from '@/lib/core/chart/plot-width.ts';

const CLASSES: Readonly<Record<string, string>> = {
  'narrow wide roomy': '',
  'narrow wide': '@[540px]:hidden',
  'narrow roomy': '@[460px]:@max-[540px]:hidden',
  'wide roomy': '@max-[460px]:hidden',
  narrow: '@[460px]:hidden',
  wide: '@max-[460px]:hidden @[540px]:hidden',
  roomy: '@max-[540px]:hidden',
};

/** Classes that show something only in containers of these widths (in the order of `PLOT_WIDTHS`). */
export function onWidth(widths: readonly PlotWidth[]): string {
  return CLASSES[widths.join(' ')] ?? 'hidden';
}
