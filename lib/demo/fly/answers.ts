import type { FlyWorldEvent, FlyWorldMachine, FlyWorldState } from './world.ts';

const iso = (atMs: number) => new Date(atMs).toISOString();

/** A machine as `GET /v1/apps/{app}/machines` gives it. On a host that is not ok, its config is incomplete. */
export function machineAnswer(machine: FlyWorldMachine, app: string): object {
  const config = {
    env: machine.env,
    guest: { cpu_kind: 'shared', cpus: 1, memory_mb: 512 },
    image: `registry.fly.io/${app}:${machine.imageTag}`,
    metadata: {
      fly_platform_version: 'v2',
      fly_process_group: machine.group,
      fly_release_version: String(machine.releaseVersion),
    },
    metrics: { port: 9091, path: '/metrics' },
    restart: { policy: 'on-failure', max_retries: 10 },
  };
  const known = machine.hostStatus === 'ok';
  return {
    id: machine.id,
    name: machine.name,
    state: machine.state,
    region: machine.region,
    instance_id: `01${machine.id.toUpperCase()}`,
    private_ip: 'fdaa:0:1:a7b:1:2:3:2',
    created_at: iso(machine.createdMs),
    updated_at: iso(machine.updatedMs),
    host_status: machine.hostStatus,
    cordoned: machine.cordoned,
    image_ref: {
      registry: 'registry.fly.io',
      repository: app,
      tag: machine.imageTag,
      digest: machine.imageDigest,
      labels: {},
    },
    ...(known ? { config } : { incomplete_config: { image: config.image } }),
    ...(known && machine.checks.length > 0
      ? {
          checks: machine.checks.map(({ name, status, updatedMs }) => ({
            name,
            status,
            output: status === 'passing' ? 'ok' : 'connection refused',
            updated_at: iso(updatedMs),
          })),
        }
      : {}),
    ...(known ? { events: machine.events.map(eventAnswer) } : {}),
  };
}

function eventAnswer({ type, status, source, atMs, exit }: FlyWorldEvent): object {
  const request =
    exit === undefined
      ? {}
      : {
          request: {
            exit_event: {
              exit_code: exit.code,
              guest_exit_code: exit.code,
              guest_signal: -1,
              oom_killed: exit.oomKilled,
              requested_stop: exit.requestedStop,
              restarting: !exit.requestedStop,
              signal: -1,
              exited_at: iso(atMs),
            },
            restart_count: 1,
          },
        };
  return { type, status, source, timestamp: atMs, ...request };
}

/** `GET /v1/apps/{app}/secrets`: never a value. */
export function secretsAnswer({ secrets }: FlyWorldState): object {
  return {
    secrets: secrets.map(({ name, digest, createdMs, updatedMs }) => ({
      name,
      digest,
      created_at: iso(createdMs),
      updated_at: iso(updatedMs),
    })),
  };
}

/** The app of a GraphQL answer, with the fields that the watching query asks for. */
export function appAnswer({ releases }: FlyWorldState, app: string, organization: string): object {
  return {
    name: app,
    organization: { slug: organization, rawSlug: organization },
    releasesUnprocessed: {
      nodes: releases.slice(0, 10).map(({ version, status, description, reason, imageRef, createdMs }) => ({
        version,
        status,
        stable: status === 'complete',
        reason,
        description,
        imageRef,
        createdAt: iso(createdMs),
      })),
    },
  };
}
