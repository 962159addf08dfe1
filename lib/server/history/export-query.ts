import 'server-only';
import { z } from 'zod';
import { LABEL } from '../http/series-query.ts';

export const EXPORT_FORMATS = ['csv', 'openmetrics', 'series'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const MOST_LABELS = 8;
const text = z.string().min(1).max(200);
const some = z.union([text, z.array(text).max(300)]);
const KNOWN = new Set(['format', 'metric', 'target', 'range', 'start', 'end']);

/** What `GET /api/export` may be asked for; a label is `label.NAME`. */
export const exportSamplesSchema = z
  .object({
    format: z.enum(EXPORT_FORMATS).optional(),
    metric: some.optional(),
    target: some.optional(),
    range: text.optional(),
    start: text.optional(),
    end: text.optional(),
  })
  .catchall(text)
  .superRefine((query, context) => {
    const labels = Object.keys(query).filter((name) => !KNOWN.has(name));
    for (const name of labels.filter((one) => !one.startsWith(LABEL)))
      context.addIssue({ code: 'custom', message: `unknown: ${name.slice(0, 60)}` });
    if (labels.length > MOST_LABELS)
      context.addIssue({ code: 'custom', message: `at most ${MOST_LABELS} labels` });
  });
export type ExportQuery = z.output<typeof exportSamplesSchema>;
