import type { SourceKindSpec } from '../source-kind.ts';

const KEY_COMMAND = [
  'curl -X POST https://console.neon.tech/api/v2/organizations/ORG/api_keys',
  '-H "Authorization: Bearer $ADMIN_KEY" -H "Content-Type: application/json"',
  `-d '{"key_name":"afterwatch","project_id":"PROJECT"}'`,
].join(' ');

/** A Neon project by its API, which wakes no compute. */
export const neonSpec: SourceKindSpec = {
  kind: 'neon',
  title: 'Neon API',
  reads: 'State of each compute, usage, quotas and limits of a project. Wakes nothing.',
  lights: [
    {
      panel: 'Compute state and awake time',
      metrics: ['neon_compute_state', 'neon_compute_awake_seconds_total'],
    },
    { panel: 'Database queries: what was not covered', metrics: ['neon_compute_awake_seconds_total'] },
    { panel: 'Usage and quotas', metrics: ['neon_compute_unit_seconds_total', 'neon_quota_used_ratio'] },
    { panel: 'Connections allowed', metrics: ['neon_compute_connections_max'] },
  ],
  usualSeconds: 60,
  usualFeatures: ['looked_up'],
  calls: [
    { text: 'GET /api/v2/projects/{project}/endpoints', act: 'request', beat: { kind: 'visit' } },
    { text: 'GET /api/v2/projects/{project}/operations', act: 'request', beat: { kind: 'visit' } },
    { text: 'GET /api/v2/projects/{project}', act: 'request', beat: { kind: 'visit' } },
    { text: 'GET /api/v2/projects/{project}/branches', act: 'request', beat: { kind: 'visit' } },
    {
      text: 'GET /api/v2/organizations/{org}/billing/spending_limit',
      act: 'request',
      beat: { kind: 'every', seconds: 3_600 },
      only: 'spending_limit',
    },
    { text: 'GET /api/v2/projects', act: 'request', beat: { kind: 'once' }, only: 'looked_up' },
    {
      text: 'GET /api/v2/consumption_history/v2/projects',
      act: 'request',
      beat: { kind: 'once' },
      why: 'the time before the first visit',
    },
  ],
  price: 'Free. Four to six a minute of the 700 that Neon allows.',
  grants: [
    {
      title: 'A key of this one project; Neon has no read-only keys, and we send GET alone',
      where: 'console',
      text: 'Settings → API keys → Create new API key → Project-scoped',
    },
    { title: 'The same by Neon’s API, with a key of an admin', where: 'shell', text: KEY_COMMAND },
  ],
  mend: { missing: 'the right of its API key to read this project', step: KEY_COMMAND },
  memory: 'about 30 days of usage on paid plans, and the log of operations',
  variables: ['NEON_API_KEY'],
  docs: 'docs/connect/neon.md',
};
