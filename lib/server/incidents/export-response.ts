import 'server-only';
import type { z } from 'zod';
import { chartsCsv } from '@/lib/core/incidents/incident-csv.ts';
import { incidentJson } from '@/lib/core/incidents/incident-json.ts';
import { incidentMarkdown } from '@/lib/core/incidents/incident-markdown.ts';
import type { IncidentView } from '@/lib/core/model/incident.ts';
import type { exportQuerySchema } from './export-query.ts';

type Format = z.output<typeof exportQuerySchema>['format'];

const TYPES: Readonly<Record<Format, string>> = {
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

/** An incident as a file to keep. `url`: its page. */
export function exportResponse(view: IncidentView, format: Format, url: string): Response {
  return new Response(contentOf(view, format, url), {
    headers: {
      'Content-Type': TYPES[format],
      'Content-Disposition': `attachment; filename="${exportName(view)}.${format}"`,
    },
  });
}

function contentOf(view: IncidentView, format: Format, url: string): string {
  switch (format) {
    case 'md':
      return incidentMarkdown(view, { url });
    case 'json':
      return `${JSON.stringify(incidentJson(view, { url }), null, 2)}\n`;
    case 'csv':
      return chartsCsv(view.charts);
    default:
      return format satisfies never;
  }
}

/** `incident-20260409-redis-gets-did-not-fall`: letters, digits and hyphens only, whatever the title. */
export function exportName({ incident }: Pick<IncidentView, 'incident'>): string {
  const words = incident.title
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '');
  const day = new Date(incident.startMs).toISOString().slice(0, 10).replaceAll('-', '');
  return ['incident', day, ...(words === '' ? [] : [words])].join('-');
}
