import 'server-only';
import { type Scope, targetId } from '@/lib/core/model/target.ts';
import { readAssignments } from '@/lib/core/settings/assignments.ts';
import type { Assumption } from '@/lib/core/settings/fleet-skew.ts';
import type { RecordFact, SecretFact } from '@/lib/core/settings/setting-facts.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { FlySnapshot } from '../collectors/fly/index.ts';
import type { FlySecret } from '../collectors/fly/secrets.ts';
import type { Runtime } from '../runtime.ts';
import { targetsOf } from './scope.ts';

/** Deploys whose summaries are read: a setting that was told longer ago has been told anew since. */
const DEPLOYS_READ = 5;

/** What Fly told longer ago says nothing of what runs now. */
const BELIEVED_MS = 5 * MINUTE_MS;

/**
 * The apps on Fly of a scope, as they were last read; empty where none was read yet. Of one that was read too long ago
 * what was set stays, and how its machines stand is doubtful; `oldSinceMs` is the oldest such time, null where there is none.
 */
export function flyAppsOf(
  runtime: Runtime,
  scope: Scope,
  nowMs: number,
): { apps: readonly FlySnapshot[]; oldSinceMs: number | null } {
  const read = targetsOf(runtime, scope, 'fly').flatMap(
    (target) => runtime.flyApps?.get(targetId(target)) ?? [],
  );
  const isOld = ({ atMs }: FlySnapshot) => nowMs - atMs > BELIEVED_MS;
  const old = read.filter(isOld).map(({ atMs }) => atMs);
  const apps = read.map((app) =>
    isOld(app) ? { ...app, machines: app.machines?.map((one) => ({ ...one, hostOk: false })) ?? null } : app,
  );
  return { apps, oldSinceMs: old.length === 0 ? null : Math.min(...old) };
}

/**
 * Secrets of all apps of the scope; null where none tells of them. The first of a name counts. `nameOf` gives the name
 * that a machine of Fly has here.
 */
export function secretsOf(
  apps: readonly FlySnapshot[],
  nameOf: (flyId: string) => string,
): readonly SecretFact[] | null {
  if (apps.every(({ secrets }) => secrets === null)) return null;
  const byName = new Map<string, SecretFact>();
  for (const app of apps) {
    for (const secret of app.secrets ?? []) {
      if (byName.has(secret.name)) continue;
      byName.set(secret.name, { ...secret, waiting: waitingFor(secret, app).map(nameOf) });
    }
  }
  return [...byName.values()];
}

/** Machines whose release was recorded before the secret was set; those whose release nobody knows are left out. */
function waitingFor({ updatedMs }: FlySecret, { machines, releases }: FlySnapshot): string[] {
  if (updatedMs === null) return [];
  return (machines ?? []).flatMap(({ id, release }) => {
    const createdMs = releases?.find(({ version }) => `v${version}` === release)?.createdMs;
    return createdMs !== undefined && createdMs < updatedMs ? [id] : [];
  });
}

/** What the latest deploys of a scope say of settings and of machines, newest first. */
export async function readDeployRecords(
  runtime: Runtime,
  scope: Scope,
  apps: readonly FlySnapshot[],
): Promise<{ records: readonly RecordFact[]; assumptions: readonly Assumption[] }> {
  const { deploys } = runtime;
  const told = (deploys?.listNow(scope) ?? [])
    .filter(({ summed }) => summed)
    .slice(-DEPLOYS_READ)
    .reverse();
  const read = await Promise.all(told.map(({ id }) => deploys?.get(id) ?? null));
  const names = apps.length === 0 ? [] : [...apps.map(({ app }) => app), scope.app];
  const records: RecordFact[] = [];
  const assumptions: Assumption[] = [];
  for (const deploy of read) {
    if (deploy === null) continue;
    const { release, startMs: atMs, summary, document } = deploy;
    const href = `/deploys/${deploy.id}`;
    // What a rollback would set was not set.
    const skip = new Set((document?.rollback ?? []).map(({ line }) => line));
    // Of two lines on one setting the later one holds.
    const assigned = readAssignments(summary, skip, names).reverse();
    records.push(...assigned.map(({ setting, value }) => ({ setting, value, release, href, atMs })));
    const count = document?.deploy.machinesAssumed ?? null;
    const audit = document?.audit.find(({ kind }) => kind === 'machines')?.message ?? null;
    if (count !== null) assumptions.push({ release, href, count, audit });
  }
  return { records, assumptions };
}
