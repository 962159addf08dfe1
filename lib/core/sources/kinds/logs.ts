import type { SourceKindSpec } from '../source-kind.ts';

/** Lines that are sent to us: nobody is contacted. */
export const logsSpec: SourceKindSpec = {
  kind: 'logs',
  title: 'Log lines',
  reads: 'Lines that a log shipper sends to POST /api/logs. They are counted, not kept.',
  lights: [
    { panel: 'Lines by pattern', metrics: ['logs_pattern_lines_total'] },
    { panel: 'Redis mode', metrics: ['logs_pattern_lines_total'] },
    { panel: 'Lines by machine', metrics: ['logs_lines_total'] },
  ],
  usualSeconds: 15,
  usualFeatures: [],
  calls: [],
  price: 'Free. Nobody is contacted.',
  grants: [
    {
      title: 'A token that may send lines and nothing else',
      where: 'shell',
      text: 'npm run -s afterwatch -- token create --name log-shipper --scope ingest',
    },
  ],
  mend: null,
  memory: null,
  variables: [],
  docs: 'docs/connect/logs.md',
};
