import 'server-only';
import { z } from 'zod';

/** How a label begins in the query: `label.cmd=get`. */
export const LABEL = 'label.';
const MOST_LABELS = 8;

const text = z.string().min(1).max(200);
/** What `GET /api/query` may be asked for; a label is `label.NAME`. */
export const seriesQuerySchema = z
  .object({
    metric: text,
    as: z.enum(['rate', 'increase', 'value']).optional(),
    range: text.optional(),
    start: text.optional(),
    end: text.optional(),
    step: text.optional(),
    app: text.optional(),
    environment: text.optional(),
    target: text.optional(),
  })
  .catchall(text)
  .superRefine((query, context) => {
    const unknown = Object.keys(query).filter((name) => !KNOWN.has(name) && !name.startsWith(LABEL));
    for (const name of unknown)
      context.addIssue({ code: 'custom', message: `unknown: ${name.slice(0, 60)}` });
    if (Object.keys(query).filter((name) => name.startsWith(LABEL)).length > MOST_LABELS) {
      context.addIssue({ code: 'custom', message: `at most ${MOST_LABELS} labels` });
    }
  });
const KNOWN = new Set(['metric', 'as', 'range', 'start', 'end', 'step', 'app', 'environment', 'target']);
