import 'server-only';
import { type FlyMachine, healthOf, isParked } from './machines.ts';
import type { FlyRelease } from './releases.ts';
import type { FlySecret } from './secrets.ts';

/** What is known of the app now; a part that was never read is null. Free of secrets. */
export interface FlySnapshot {
  atMs: number;
  app: string;
  organization: string | null;
  machines: readonly FlyMachine[] | null;
  releases: readonly FlyRelease[] | null;
  secrets: readonly FlySecret[] | null;
}

/** Machines that the facts name one by one; the samples hold all. */
const NAMED_MACHINES = 12;
const NAMED_SECRETS = 24;

/** The snapshot in short words for the sources page. */
export function factsOf({ organization, machines, releases, secrets }: FlySnapshot): Record<string, string> {
  const facts: Record<string, string> = {};
  if (organization !== null) facts.organization = organization;
  const [newest] = releases ?? [];
  const release = newest === undefined ? newestOf(machines ?? []) : `v${newest.version} (${newest.status})`;
  if (release !== null) facts.release = release;
  if (machines !== null) {
    facts.machines = countWords(machines);
    const named = machines.slice(0, NAMED_MACHINES);
    for (const one of named) facts[`machine ${one.id}`] = machineWords(one);
    if (machines.length > named.length) facts.otherMachines = String(machines.length - named.length);
  }
  if (secrets !== null) {
    facts.secrets = String(secrets.length);
    for (const { name, digest, status } of secrets.slice(0, NAMED_SECRETS)) {
      facts[`secret ${name}`] = `${digest === null ? 'no digest' : `digest ${digest}`}, ${status}`;
    }
  }
  return facts;
}

/** Without the list of releases: the highest that a machine runs. */
function newestOf(machines: readonly FlyMachine[]): string | null {
  const versions = machines.flatMap(({ release }) => {
    const version = /^v(\d+)$/.exec(release ?? '')?.[1];
    return version === undefined ? [] : [Number(version)];
  });
  return versions.length === 0 ? null : `v${Math.max(...versions)}`;
}

function countWords(machines: readonly FlyMachine[]): string {
  const words: string[] = [];
  const add = (count: number, word: string) => {
    if (count > 0) words.push(`${count} ${word}`);
  };
  add(machines.filter(({ state }) => state === 'started').length, 'started');
  add(machines.filter(isParked).length, 'parked');
  add(machines.filter(({ state }) => state === 'changing').length, 'changing');
  add(machines.filter(({ state }) => state === 'created').length, 'created');
  add(machines.filter(({ state }) => state === 'failed').length, 'failed');
  add(machines.filter(({ state }) => state === 'unknown').length, 'unknown');
  return words.length === 0 ? 'none' : words.join(', ');
}

/** `started ams v42 web, passing`. */
function machineWords(one: FlyMachine): string {
  const health = one.hostOk ? healthOf(one) : 'host silent';
  const words = [one.state, one.region, one.release, one.group].filter((word) => word !== null).join(' ');
  return health === null ? words : `${words}, ${health}`;
}
