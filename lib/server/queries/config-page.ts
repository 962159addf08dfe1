import 'server-only';
import { countFiring } from '@/lib/core/model/alert.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { writeConfigSentence } from '@/lib/core/settings/config-sentence.ts';
import type { ConfigView } from '@/lib/core/settings/config-view.ts';
import { type Assumption, fleetSkew } from '@/lib/core/settings/fleet-skew.ts';
import { settingRows } from '@/lib/core/settings/setting-rows.ts';
import type { Runtime } from '../runtime.ts';
import { readOpenAlerts } from './alerts.ts';
import { flyAppsOf, readDeployRecords, secretsOf } from './config-facts.ts';
import { type ConfigMachines, readConfigMachines } from './config-machines.ts';
import { untoldOf } from './config-untold.ts';
import { readMode } from './mode.ts';
import { remember } from './remember.ts';
import { chooseScope, readScopes, targetIdsOf } from './scope.ts';
import { readSources } from './sources.ts';
import { readSuspension } from './suspension.ts';

export interface ConfigInput {
  app?: string;
  environment?: string;
}

/** As often as machines are visited. */
const REFRESH_MS = 15_000;

const MEMORY = { name: 'config page', most: 16 };
/** Everybody who looks within these seconds is shown the same. */
const LIFE_MS = 5_000;

/** Everything that the Config page shows of one scope. */
export function readConfigPage(runtime: Runtime, input: ConfigInput): Promise<ConfigView> {
  const scopes = readScopes(runtime);
  const scope = chooseScope(scopes, input);
  const key = JSON.stringify([scope.app, scope.environment]);
  return remember(runtime, MEMORY, key, LIFE_MS, () => read(runtime, scopes, scope));
}

async function read(runtime: Runtime, scopes: readonly Scope[], scope: Scope): Promise<ConfigView> {
  const nowMs = runtime.clock.wallMs();
  const statuses = targetIdsOf(runtime, scope).flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  const { apps, oldSinceMs } = flyAppsOf(runtime, scope, nowMs);
  const [machines, told, mode, suspension] = await Promise.all([
    readConfigMachines(runtime, statuses, apps, nowMs),
    readDeployRecords(runtime, scope, apps),
    readMode(runtime, statuses, nowMs),
    readSuspension(runtime, scope, nowMs),
  ]);
  const { rows, left } = settingRows({
    machines: machines.settings,
    secrets: secretsOf(apps, machines.nameOf),
    records: told.records,
    expected: runtime.alerts?.settings.expect ?? null,
    platformApp: apps[0]?.app ?? null,
  });
  const watched = runtime.watches?.currentNow(scope)?.release ?? null;
  const fleet = fleetSkew(machines.fleet, assumptionOf(told.assumptions, machines.fleet), watched);
  const open = readOpenAlerts(runtime, scope, nowMs);
  return {
    asOfMs: nowMs,
    scope,
    scopes,
    demo: runtime.config.mode === 'demo',
    mode,
    sources: readSources(runtime, statuses, nowMs),
    firing: open && countFiring(open, nowMs),
    sentence: writeConfigSentence(rows, fleet),
    suspension,
    rows,
    left,
    fleet,
    untold: untoldOf({ machines: machines.settings, statuses, apps, oldSinceMs, scope }),
    refreshMs: REFRESH_MS,
  };
}

/** The newest one; its audit only where it was made for as many machines as run now. */
function assumptionOf(assumptions: readonly Assumption[], fleet: ConfigMachines['fleet']): Assumption | null {
  const [newest] = assumptions;
  if (newest === undefined) return null;
  const running = fleet.filter(({ standing }) => standing === 'running').length;
  const isNow = newest.audit?.includes(running === 1 ? '; 1 runs' : `; ${running} run`) === true;
  return isNow ? newest : { ...newest, audit: null };
}
