import type { BranchState, EndpointState, NeonWorld, OperationState, ProjectState } from './world.ts';

/** An instant as the API writes it: whole seconds, UTC. */
export function rfc3339(atMs: number): string {
  return new Date(Math.floor(atMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

function whole(value: number): number {
  return Math.floor(value);
}

export function projectBody(project: ProjectState, atMs: number): object {
  const { quota } = project;
  return {
    ...projectCommon(project, atMs),
    data_storage_bytes_hour: whole(project.storageByteHours),
    data_transfer_bytes: whole(project.transferBytes),
    written_data_bytes: whole(project.writtenBytes),
    compute_time_seconds: whole(project.computeUnitSeconds),
    active_time_seconds: whole(project.activeSeconds),
    history_retention_seconds: 604_800,
    consumption_period_start: rfc3339(project.periodStartMs),
    consumption_period_end: rfc3339(project.periodEndMs),
    owner: {
      name: 'Demo owner',
      email: 'owner@example.test',
      branches_limit: 25,
      subscription_type: project.subscriptionType,
    },
    settings: {
      quota: dropEmpty({
        active_time_seconds: quota.activeSeconds,
        compute_time_seconds: quota.computeUnitSeconds,
        written_data_bytes: quota.writtenBytes,
        data_transfer_bytes: quota.transferBytes,
        logical_size_bytes: quota.logicalSizeBytes,
      }),
    },
    ...(project.maintenanceMs !== null && { maintenance_scheduled_for: rfc3339(project.maintenanceMs) }),
  };
}

/** The list shows less than the project itself. */
export function listedProjectBody(project: ProjectState, atMs: number): object {
  return { ...projectCommon(project, atMs), active_time: whole(project.activeSeconds) };
}

function projectCommon(project: ProjectState, atMs: number): object {
  return {
    id: project.id,
    platform_id: 'aws',
    region_id: project.regionId,
    name: project.name,
    provisioner: 'k8s-neonvm',
    pg_version: project.pgVersion,
    proxy_host: `${project.regionId.replace(/^aws-/, '')}.aws.neon.tech`,
    branch_logical_size_limit: 0,
    branch_logical_size_limit_bytes: 0,
    store_passwords: true,
    cpu_used_sec: whole(project.computeUnitSeconds),
    creation_source: 'console',
    created_at: rfc3339(project.createdMs),
    updated_at: rfc3339(atMs),
    synthetic_storage_size: whole(project.storageBytes),
    owner_id: 'demo-owner',
    ...(project.orgId !== null && { org_id: project.orgId }),
  };
}

export function branchBody(branch: BranchState, projectId: string): object {
  return {
    id: branch.id,
    project_id: projectId,
    ...(branch.parentId !== null && { parent_id: branch.parentId }),
    name: branch.name,
    current_state: branch.state,
    state_changed_at: rfc3339(branch.createdMs),
    logical_size: whole(branch.logicalBytes),
    creation_source: 'console',
    default: branch.isDefault,
    protected: branch.isDefault,
    cpu_used_sec: whole(branch.computeUnitSeconds),
    compute_time_seconds: whole(branch.computeUnitSeconds),
    active_time_seconds: whole(branch.activeSeconds),
    written_data_bytes: whole(branch.writtenBytes),
    data_transfer_bytes: whole(branch.transferBytes),
    created_at: rfc3339(branch.createdMs),
    updated_at: rfc3339(branch.createdMs),
  };
}

export function endpointBody(endpoint: EndpointState, project: ProjectState): object {
  const proxyHost = `${project.regionId.replace(/^aws-/, '')}.aws.neon.tech`;
  const times = dropEmpty({
    last_active: endpoint.lastActiveMs,
    started_at: endpoint.startedMs,
    suspended_at: endpoint.suspendedMs,
  });
  return {
    host: `${endpoint.id}.${proxyHost}`,
    id: endpoint.id,
    project_id: project.id,
    branch_id: endpoint.branchId,
    autoscaling_limit_min_cu: endpoint.minCu,
    autoscaling_limit_max_cu: endpoint.maxCu,
    region_id: project.regionId,
    type: endpoint.type,
    current_state: endpoint.current,
    ...(endpoint.pending !== null && { pending_state: endpoint.pending }),
    settings: { pg_settings: {} },
    pooler_enabled: false,
    pooler_mode: 'transaction',
    disabled: endpoint.disabled,
    passwordless_access: true,
    creation_source: 'console',
    created_at: rfc3339(endpoint.createdMs),
    updated_at: rfc3339(Math.max(endpoint.startedMs ?? 0, endpoint.suspendedMs ?? 0, endpoint.createdMs)),
    proxy_host: proxyHost,
    suspend_timeout_seconds: endpoint.suspendTimeoutSeconds,
    provisioner: 'k8s-neonvm',
    ...Object.fromEntries(Object.entries(times).map(([name, atMs]) => [name, rfc3339(atMs)])),
  };
}

/** An operation as it looks at `atMs`: one that has not ended yet is running. */
export function operationBody(operation: OperationState, projectId: string, atMs: number): object {
  const ended = operation.updatedMs <= atMs;
  return {
    id: operation.id,
    project_id: projectId,
    branch_id: operation.branchId,
    ...(operation.endpointId !== null && { endpoint_id: operation.endpointId }),
    action: operation.action,
    status: ended ? operation.status : 'running',
    ...(ended && operation.status === 'failed' && { error: 'compute did not become ready' }),
    failures_count: operation.status === 'failed' ? 1 : 0,
    created_at: rfc3339(operation.createdMs),
    updated_at: rfc3339(ended ? operation.updatedMs : operation.createdMs),
    total_duration_ms: ended ? operation.updatedMs - operation.createdMs : 0,
  };
}

/** Hours of consumption in `[fromMs, toMs)`; null for a plan that has no history. */
export function consumptionBody(
  world: NeonWorld,
  atMs: number,
  asked: { fromMs: number; toMs: number; metrics: readonly string[] },
): object | null {
  const project = world.project(atMs);
  const hours: object[] = [];
  for (let startMs = asked.fromMs; startMs < asked.toMs; startMs += 3_600_000) {
    const usage = world.usage(startMs, startMs + 3_600_000);
    if (usage === null) return null;
    const values: Record<string, number> = {
      compute_unit_seconds: usage.computeUnitSeconds,
      public_network_transfer_bytes: usage.publicBytes,
      private_network_transfer_bytes: usage.privateBytes,
    };
    hours.push({
      timeframe_start: rfc3339(startMs),
      timeframe_end: rfc3339(startMs + 3_600_000),
      metrics: asked.metrics
        .filter((name) => Object.hasOwn(values, name))
        .map((name) => ({ metric_name: name, value: whole(values[name] ?? 0) })),
    });
  }
  return {
    projects: [
      {
        project_id: project.id,
        periods: [
          {
            period_id: '79ec829f-1828-4006-ac82-9f1828a0067d',
            period_plan: project.subscriptionType.replace(/_v\d$/, ''),
            period_start: rfc3339(project.periodStartMs),
            consumption: hours,
          },
        ],
      },
    ],
    pagination: { cursor: project.id },
  };
}

function dropEmpty(values: Record<string, number | null | undefined>): Record<string, number> {
  const kept: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) if (value != null) kept[name] = value;
  return kept;
}
