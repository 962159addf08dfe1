import type { SourceKindSpec } from '../source-kind.ts';

/** One app on Fly: Machines API, GraphQL for releases, managed Prometheus. */
export const flySpec: SourceKindSpec = {
  kind: 'fly',
  title: 'Fly.io',
  reads: 'Machines, releases, digests of secrets, and Fly’s own metrics of an app.',
  lights: [
    { panel: '429 responses', metrics: ['fly_http_responses_total'] },
    { panel: 'Machines', metrics: ['fly_machine_up', 'fly_machine_health_ok'] },
    { panel: 'Releases landing', metrics: ['fly_release_landed', 'fly_machine_info'] },
    { panel: 'Restarts and why', metrics: ['fly_machine_exits_total'] },
    {
      panel: 'Latency',
      metrics: ['fly_http_request_seconds_bucket_total', 'fly_http_request_seconds_total'],
    },
    {
      panel: 'Memory and processor',
      metrics: ['fly_machine_memory_available_bytes', 'fly_machine_cpu_seconds_total'],
    },
  ],
  usualSeconds: 60,
  usualFeatures: [],
  calls: [
    { text: 'GET /v1/apps/{app}/machines', act: 'request', beat: { kind: 'visit' } },
    { text: 'GET /prometheus/{organization}/api/v1/query', act: 'request', beat: { kind: 'visit' } },
    {
      text: 'POST /graphql',
      act: 'request',
      beat: { kind: 'every', seconds: 300 },
      why: 'one query that reads releases; also as soon as a machine runs another release',
    },
    {
      text: 'GET /v1/apps/{app}/secrets',
      act: 'request',
      beat: { kind: 'every', seconds: 300 },
      why: 'names and digests; values are given to nobody',
    },
    {
      text: 'GET /prometheus/{organization}/api/v1/query_range',
      act: 'request',
      beat: { kind: 'once' },
      why: 'the time before the first visit',
    },
  ],
  price: 'Free. Fly allows one request a second for each app.',
  grants: [
    {
      title: 'A token that reads the organisation and writes nothing',
      where: 'shell',
      text: 'fly tokens create readonly -o YOUR_ORG --expiry 8760h',
    },
  ],
  mend: {
    missing: 'the right of its token to read this app and its organisation',
    step: 'fly tokens create readonly -o YOUR_ORG --expiry 8760h',
  },
  memory: 'about 15 days',
  variables: ['FLY_API_TOKEN', 'FLY_APP'],
  docs: 'docs/connect/fly.md',
};
