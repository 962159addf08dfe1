import { z } from 'zod';
import { THEMES } from '@/lib/client/theme.ts';
import { CHART_SCALES } from '@/lib/core/chart/scale.ts';

/** The pages of the gallery: whole screens first, then what they are made of. */
export const SHOWS = [
  'story',
  'first',
  'trouble',
  'stale',
  'error',
  'empty',
  'long',
  'quarter',
  'parts',
  'charts',
  'panels',
  'header',
  'bench',
  'config',
  'budget',
  'alerts',
  'alert-parts',
  'incidents',
  'shares',
] as const;
export type Show = (typeof SHOWS)[number];

const paramsSchema = z.object({
  show: z.enum(SHOWS).catch('story'),
  scale: z.enum(CHART_SCALES).catch('level'),
  theme: z.enum(THEMES).nullable().catch(null),
});
export type GalleryParams = z.output<typeof paramsSchema>;

/** What the address asks for; anything else is the story. */
export function parseGalleryParams(
  params: Readonly<Record<string, string | string[] | undefined>>,
): GalleryParams {
  return paramsSchema.parse({ show: params.show, scale: params.scale, theme: params.theme ?? null });
}
