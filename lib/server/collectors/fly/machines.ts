import 'server-only';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { Notice } from '@/lib/core/model/scrape.ts';
import { classifyValue, isSettingName, type ValueClass } from '@/lib/core/settings/setting-words.ts';
import { cleanText } from '../app/clean-text.ts';
import { MACHINE_STATES, type MachineState, machineState, type RawMachine } from './schema.ts';

/** A machine in our words; nothing of its environment and no credential is in it. */
export interface FlyMachine {
  id: string;
  name: string;
  state: MachineState;
  /** True when its host answers Fly; false makes its config, checks and state doubtful. */
  hostOk: boolean;
  region: string | null;
  group: string | null;
  /** `v42`: the release it runs; null for machines that flyctl did not make, and while its host is silent. */
  release: string | null;
  /** First twelve hex digits; null when unknown. */
  imageDigest: string | null;
  imageTag: string | null;
  cordoned: boolean | null;
  checks: { passing: number; warning: number; critical: number; unknown: number };
  /** Address on the private network; null when not told. It can change when the machine moves. */
  privateIp: string | null;
  /** Where the app serves metrics for Fly to scrape; null when it does not say. */
  metrics: { port: number; path: string } | null;
  createdMs: number | null;
  /** Plain settings by name, with the class of each value and never the value; null while its host is silent. */
  env: readonly { name: string; value: ValueClass }[] | null;
}

/** Machines of a deploy itself, gone when it is done. */
const HELPERS: ReadonlySet<string> = new Set([
  'fly_app_release_command',
  'fly_app_test_machine_command',
  'fly_app_console',
]);
/** Made up by Fly for old clients. */
const FAKE_CHECK = /^bg_deployments_compat/;
const MAX_CHARS = 64;
const MAX_ENV = 200;

/** The machines of the app itself: helpers and machines that are no more are left out. */
export function readMachines(raw: readonly RawMachine[]): FlyMachine[] {
  return raw.flatMap((one): FlyMachine[] => {
    const state = machineState(one.state);
    const config = one.config ?? one.incomplete_config ?? null;
    const metadata = config?.metadata ?? {};
    const group = clean(metadata.fly_process_group);
    if (state === null || (group !== null && HELPERS.has(group))) return [];
    const version = clean(metadata.fly_release_version);
    const port = config?.metrics?.port ?? null;
    const createdMs = Date.parse(one.created_at ?? '');
    return [
      {
        id: cleanText(one.id, MAX_CHARS),
        name: clean(one.name) ?? one.id,
        state,
        hostOk: (one.host_status ?? 'ok') === 'ok',
        region: clean(one.region),
        group,
        release: version === null ? null : /^\d+$/.test(version) ? `v${version}` : version,
        imageDigest: digestOf(one.image_ref?.digest),
        imageTag: clean(one.image_ref?.tag),
        cordoned: one.cordoned ?? null,
        checks: countChecks(one),
        privateIp: clean(one.private_ip),
        metrics: port === null ? null : { port, path: config?.metrics?.path ?? '/metrics' },
        createdMs: Number.isNaN(createdMs) ? null : createdMs,
        env: one.config == null ? null : readEnv(one.config.env ?? {}),
      },
    ];
  });
}

/** Values are classified here and go nowhere: they may be credentials. */
function readEnv(env: Readonly<Record<string, string>>): NonNullable<FlyMachine['env']> {
  return Object.entries(env)
    .filter(([name]) => isSettingName(name))
    .slice(0, MAX_ENV)
    .map(([name, value]) => ({ name, value: classifyValue(value) }));
}

function countChecks({ checks }: RawMachine): FlyMachine['checks'] {
  const counts = { passing: 0, warning: 0, critical: 0, unknown: 0 };
  for (const { name, status } of checks ?? []) {
    if (FAKE_CHECK.test(name)) continue;
    const known = status === 'passing' || status === 'warning' || status === 'critical' ? status : 'unknown';
    counts[known] += 1;
  }
  return counts;
}

/** Parked by auto-stop or by hand: a state, not an outage. */
export function isParked({ state }: FlyMachine): boolean {
  return state === 'stopped' || state === 'suspended';
}

/** What the list of machines says, as samples. */
export function machineSamples(machines: readonly FlyMachine[]): Sample[] {
  const samples: Sample[] = MACHINE_STATES.map((state) => ({
    metric: 'fly_machines',
    labels: { state },
    value: machines.filter((one) => one.state === state).length,
  }));
  for (const one of machines) {
    const labels = { machine: one.id };
    const put = (metric: string, value: number) => samples.push({ metric, labels, value });
    put('fly_machine_parked', isParked(one) ? 1 : 0);
    // While its host is silent, nobody knows.
    if (!isParked(one) && one.hostOk && one.state !== 'unknown') {
      put('fly_machine_up', one.state === 'started' ? 1 : 0);
    }
    if (one.cordoned !== null) put('fly_machine_cordoned', one.cordoned ? 1 : 0);
    const health = healthOf(one);
    if (health !== null) put('fly_machine_health_ok', health === 'critical' ? 0 : 1);
    const info = { region: one.region, group: one.group, release: one.release, image: one.imageDigest };
    const told = Object.entries(info).flatMap(([key, value]) =>
      value === null ? [] : [[key, value] as const],
    );
    samples.push({
      metric: 'fly_machine_info',
      labels: { ...labels, ...Object.fromEntries(told) },
      value: 1,
    });
  }
  for (const [group, landed] of landedByGroup(machines)) {
    samples.push({ metric: 'fly_release_landed', labels: { group }, value: landed ? 1 : 0 });
  }
  return samples;
}

/** Null without checks, when one has a word that we do not know, and where nobody asks them: parked, or host silent. */
export function healthOf({ checks, hostOk, state }: FlyMachine): 'passing' | 'warning' | 'critical' | null {
  if (!hostOk || state !== 'started') return null;
  if (checks.critical > 0) return 'critical';
  if (checks.unknown > 0) return null;
  if (checks.warning > 0) return 'warning';
  return checks.passing > 0 ? 'passing' : null;
}

/** Per process group: whether all machines have one image and one release. A group that does not tell is left out. */
export function landedByGroup(machines: readonly FlyMachine[]): ReadonlyMap<string, boolean> {
  const groups = new Map<string, FlyMachine[]>();
  for (const one of machines)
    groups.set(one.group ?? 'app', [...(groups.get(one.group ?? 'app') ?? []), one]);
  const landed = new Map<string, boolean>();
  for (const [group, own] of groups) {
    if (own.some(({ imageDigest, release }) => imageDigest === null || release === null)) continue;
    const versions = new Set(own.map(({ imageDigest, release }) => `${imageDigest} ${release}`));
    landed.set(group, versions.size === 1);
  }
  return landed;
}

/** What a person has to know about the machines. */
export function machineNotices(machines: readonly FlyMachine[]): Notice[] {
  const notices: Notice[] = [];
  const silent = machines.filter(({ hostOk }) => !hostOk);
  if (silent.length > 0) {
    notices.push({
      code: 'host_unreachable',
      text: `The host of ${few(silent.map(({ id }) => id))} does not answer Fly, so its release and checks are unknown; see status.flyio.net.`,
    });
  }
  const odd = machines.filter(({ state }) => state === 'unknown');
  if (odd.length > 0) {
    notices.push({
      code: 'unknown_state',
      text: `${few(odd.map(({ id }) => id))} is in a state that this version does not know; it counts as unknown.`,
    });
  }
  const unchecked = machines.filter(
    ({ checks, state, hostOk }) =>
      state === 'started' &&
      hostOk &&
      checks.passing + checks.warning + checks.critical + checks.unknown === 0,
  );
  if (unchecked.length > 0) {
    notices.push({
      code: 'no_checks',
      text: `${few(unchecked.map(({ id }) => id))} has no health check, so its health is unknown; add [[http_service.checks]] to fly.toml.`,
    });
  }
  return notices;
}

/** `a, b, c and 4 more`. */
export function few(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more}`;
}

function digestOf(digest: string | null | undefined): string | null {
  const hex = /^(?:sha256:)?([0-9a-f]{12,})$/i.exec(digest ?? '')?.[1];
  return hex === undefined ? null : hex.slice(0, 12).toLowerCase();
}

function clean(value: string | null | undefined): string | null {
  const plain = cleanText(value ?? '', MAX_CHARS);
  return plain === '' ? null : plain;
}
