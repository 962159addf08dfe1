import type { Quality } from '../model/sample.ts';
import type { MachineEvidence, ProviderEvidence, RedisEvidence, SeenMode } from './evidence.ts';
import { machineMode } from './machine-mode.ts';
import { serverMode } from './server-mode.ts';
import { machinesSay, nameList, perMinute, rateText } from './words.ts';

export interface FleetEvidence {
  redis: readonly RedisEvidence[];
  machines: readonly MachineEvidence[];
  providers: readonly ProviderEvidence[];
}

export interface FleetMode extends SeenMode {
  /** Evidence that does not fit the mode, each a sentence without its end. */
  contradictions: readonly string[];
  /** Machines whose settings ask to suspend Redis and that use it all the same. */
  askedInVain: readonly string[];
  /** By name. */
  machines: ReadonlyMap<string, SeenMode>;
}

/** Less than this is a stray client, not traffic. Per minute. */
const TRAFFIC_PER_MINUTE = 1;

/**
 * Redis mode of a fleet. What the machines say of their own switch is measured and comes first: it is what the app does.
 * Then what the server refuses, then what can be inferred. What does not fit is said beside it.
 */
export function fleetMode({ redis, machines, providers }: FleetEvidence): FleetMode {
  const byName = new Map(machines.map((machine) => [machine.name, machineMode(machine)]));
  const server = serverMode(redis, providers);
  const askedInVain = machines
    .filter(({ asked, suspended }) => asked === true && suspended === false)
    .map(({ name }) => name);
  const found = combine(byName, server, machines);
  return {
    ...found,
    contradictions: contradictions(found, server, { redis, machines, providers }, askedInVain),
    askedInVain,
    machines: byName,
  };
}

function combine(
  byName: ReadonlyMap<string, SeenMode>,
  server: SeenMode,
  machines: readonly MachineEvidence[],
): SeenMode {
  const told = [...byName].filter(([, { mode }]) => mode !== 'unknown');
  const off = told.filter(([, { mode }]) => mode === 'suspended_by_us');
  const offNames = nameList(off.map(([name]) => name));
  if (off.length > 0 && off.length < told.length) {
    return {
      mode: 'mixed',
      ...qualityOf(told),
      evidence: `${off.length} of ${told.length} machines ${off.length === 1 ? 'says' : 'say'} that Redis is suspended: ${offNames}`,
    };
  }
  if (off.length > 0) {
    const silent = byName.size - told.length;
    const others = silent === 0 ? '' : `, ${machinesSay(silent, 'tell')} nothing`;
    const all = off.length === 1 ? '1 machine says' : `all ${off.length} machines say`;
    return {
      mode: 'suspended_by_us',
      ...qualityOf(told),
      evidence: `${all} that Redis is suspended${others}`,
    };
  }
  const isRefused = ['quota_exhausted', 'throttled', 'suspended_by_provider'].includes(server.mode);
  if (isRefused) return server;
  const active = told.filter(([, { mode }]) => mode === 'active');
  const isSending = machines.some(({ commandsPerSecond }) => (commandsPerSecond ?? 0) > 0);
  // From here our own way to Redis may be cut while the machines' is not.
  if (server.mode === 'unreachable' && !isSending) return server;
  const ownWord = active.filter(([, { isOwnWord }]) => isOwnWord).length;
  if (ownWord > 0) {
    const answers = server.mode === 'active' || server.quality === 'inferred';
    const and = answers ? ', and it answers' : isSending ? ', and they send commands to it' : '';
    return {
      mode: 'active',
      quality: and === '' ? 'inferred' : 'measured',
      isOwnWord: and !== '',
      evidence: `${machinesSay(ownWord)} that Redis is in use${and}`,
    };
  }
  if (active.length > 0) {
    const [name, first] = active[0] ?? ['', server];
    const more = active.length === 1 ? '' : `, and ${active.length - 1} more`;
    return { ...first, evidence: `${first.evidence} (${name}${more})` };
  }
  const failing = told.find(([, { mode }]) => mode === 'unreachable');
  if (failing !== undefined && server.mode === 'unknown') {
    return { ...failing[1], evidence: `${failing[1].evidence} (${failing[0]})` };
  }
  return server;
}

/** As good as the weakest of them. */
function qualityOf(told: readonly (readonly [string, SeenMode])[]): { quality: Quality; isOwnWord: boolean } {
  const isOwnWord = told.every(([, { isOwnWord: is }]) => is);
  return { quality: isOwnWord ? 'measured' : 'inferred', isOwnWord };
}

function contradictions(
  found: SeenMode,
  server: SeenMode,
  { redis, machines, providers }: FleetEvidence,
  askedInVain: readonly string[],
): string[] {
  const said: string[] = [];
  if (found.mode === 'suspended_by_us') {
    const off = machines.filter((machine) => machineMode(machine).mode === 'suspended_by_us').length;
    for (const { name, arriving } of redis) {
      if (arriving === null || arriving.perMinute < TRAFFIC_PER_MINUTE) continue;
      said.push(
        `${machinesSay(off)} suspended, yet ${rateText(arriving.perMinute)} ${arriving.what}/min arrive at ${name}`,
      );
    }
  }
  for (const machine of machines) {
    const perSecond = machine.commandsPerSecond ?? 0;
    if (machine.suspended !== true || perSecond * 60 < TRAFFIC_PER_MINUTE) continue;
    said.push(
      `${machine.name} says suspended, yet it counts ${perMinute(perSecond)} Redis commands/min of its own`,
    );
  }
  if (askedInVain.length > 0) {
    said.push(`not suspended though asked: ${nameList(askedInVain)}`);
  }
  const isServed = redis.find(({ commandsPerSecond }) => (commandsPerSecond ?? 0) * 60 >= TRAFFIC_PER_MINUTE);
  const off = providers.find(({ state }) => state !== 'active');
  if (off !== undefined && isServed !== undefined) {
    said.push(
      `${off.name} lists the database as ${off.state}, yet ${isServed.name} serves ${perMinute(isServed.commandsPerSecond ?? 0)} commands/min`,
    );
  }
  if (server.mode !== found.mode && server.mode !== 'unknown' && server.mode !== 'active') {
    said.push(server.evidence);
  }
  return said;
}

/** Evidence and what does not fit it, in one line. */
export function evidenceText({
  evidence,
  contradictions: against,
}: Pick<FleetMode, 'evidence' | 'contradictions'>): string {
  return [evidence, ...against].join('; ');
}
