import type { FlyWorld, FlyWorldEvent, FlyWorldMachine, FlyWorldState } from '../fly/world.ts';
import { hexOf } from '../noise.ts';
import * as story from '../story.ts';
import type { World } from '../world.ts';
import type { MachineState } from '../world-state.ts';
import { flyMetrics } from './fly-series.ts';

export const FLY_TOKEN = 'FlyV1 fm2_demo';

const CHECK = 'servicecheck-00-http-8080';

/** The app of the story as Fly shows it. */
export function flyWorld(world: World): FlyWorld {
  return {
    app: story.APP,
    organization: story.ORGANIZATION,
    at: (atMs) => stateAt(world, atMs),
    metrics: flyMetrics(world),
  };
}

function stateAt(world: World, atMs: number): FlyWorldState {
  const { machines } = world.at(atMs);
  return {
    machines: machines.map((machine) => machineOf(world, machine, atMs)),
    releases: releasesOf(world, atMs),
    secrets: secretsOf(world, atMs),
  };
}

function machineOf(world: World, machine: MachineState, atMs: number): FlyWorldMachine {
  const processes = world.processes(machine.name, atMs);
  const isDown = (processes[0]?.startedMs ?? 0) > atMs;
  const version = Number(machine.release.slice(1));
  const image = imageOf(version);
  const startedMs = machine.startedMs;
  const events = processes.flatMap(({ endedMs, startedMs: beganMs, crashed }): FlyWorldEvent[] => {
    const exit: FlyWorldEvent = {
      type: 'exit',
      status: 'stopped',
      source: 'flyd',
      atMs: endedMs,
      exit: { code: crashed ? 137 : 0, oomKilled: false, requestedStop: !crashed },
    };
    const start: FlyWorldEvent = { type: 'start', status: 'started', source: 'flyd', atMs: beganMs };
    return beganMs <= atMs ? [start, exit] : [exit];
  });
  return {
    id: machine.name,
    name: `${story.APP}-${machine.region}-${machine.name.slice(0, 4)}`,
    state: isDown ? 'stopped' : 'started',
    region: machine.region,
    group: 'app',
    releaseVersion: version,
    imageDigest: `sha256:${hexOf(world.seed, image, 64)}`,
    imageTag: `deployment-${image}`,
    createdMs: world.startMs - 26 * 86_400_000,
    updatedMs: startedMs,
    hostStatus: 'ok',
    cordoned: false,
    env: { PORT: '8080', PRIMARY_REGION: 'ams' },
    checks: [{ name: CHECK, status: 'passing', updatedMs: startedMs }],
    events,
  };
}

/** Each release of code has its image; what came after the story are changes of secrets, which keep the newest. */
function imageOf(version: number): string {
  return (story.RELEASES.find((one) => one.version === version) ?? story.RELEASES.at(-1))?.image ?? 'unknown';
}

function releasesOf({ startMs, faults }: World, atMs: number): FlyWorldState['releases'] {
  const newest = story.RELEASES.at(-1)?.version ?? 0;
  const told = story.RELEASES.map((one) => ({ ...one, atMs: startMs + one.atMs }));
  const changes = faults.of('bad_value').flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  const later = changes.map((changedMs, i) => ({
    version: newest + 1 + i,
    atMs: changedMs,
    description: 'Update secrets',
    image: imageOf(newest),
  }));
  return [...told, ...later]
    .filter((one) => one.atMs <= atMs)
    .toSorted((a, b) => b.version - a.version)
    .map(({ version, atMs: createdMs, description, image }) => ({
      version,
      status: 'complete',
      description,
      reason: description === 'Release' ? 'deploy' : 'secrets',
      imageRef: `registry.fly.io/${story.APP}:deployment-${image}`,
      createdMs,
    }));
}

function secretsOf({ seed, startMs, faults }: World, atMs: number): FlyWorldState['secrets'] {
  const before = story.SWITCH_VALUES.map(({ atMs: setMs, value }) => ({ atMs: startMs + setMs, value }));
  const last = before.at(-1)?.value ?? 'false';
  const later = faults.of('bad_value').flatMap(({ fromMs, toMs }) => [
    { atMs: fromMs - 1, value: story.BAD_VALUE },
    { atMs: toMs - 1, value: last },
  ]);
  const set = [...before, ...later].filter((one) => one.atMs <= atMs);
  const now = set.at(-1);
  const secret = (name: string, value: string, createdMs: number, updatedMs: number) => ({
    name,
    digest: hexOf(seed, `${name}=${value}`, 16),
    createdMs,
    updatedMs,
  });
  const others = story.OTHER_SECRETS.map((one) =>
    secret(one.name, one.name, startMs + one.atMs, startMs + one.atMs),
  );
  const own = now === undefined ? [] : [secret(story.SWITCH, now.value, set[0]?.atMs ?? now.atMs, now.atMs)];
  return [...others, ...own];
}
