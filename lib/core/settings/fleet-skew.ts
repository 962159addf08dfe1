import { nameList } from '../modes/words.ts';

/** One machine against the others. */
export interface FleetMachine {
  name: string;
  release: string | null;
  /** Short digest of its image; null where its platform does not tell. */
  image: string | null;
  region: string | null;
  /** `running` answers or is started; `silent` gives no answer and nobody says that it is parked. */
  standing: 'running' | 'parked' | 'changing' | 'silent' | 'unknown';
  /** When its process began; null where nothing tells. */
  startedAtMs: number | null;
}

/** A number of machines that the summary of a deploy counts on. */
export interface Assumption {
  release: string;
  href: string;
  count: number;
  /** What the audit makes of it, one sentence; null where it says nothing. */
  audit: string | null;
}

/** Machines against each other and against what was assumed of them. */
export interface FleetSkew {
  machines: readonly FleetMachine[];
  /** Machines that run; null where one of them can't be told. */
  running: number | null;
  /** The newest deploy that names a number; null where none does. */
  assumption: Assumption | null;
  /** What does not fit, one sentence each. */
  findings: readonly { kind: 'releases' | 'images' | 'assumed'; text: string }[];
  /** Said where nothing can be compared: `no claim names a number of machines`. */
  remark: string | null;
}

/** Judges the machines; `watched` is the release of the deploy that is followed, null while none is. */
export function fleetSkew(
  machines: readonly FleetMachine[],
  assumption: Assumption | null,
  watched: string | null,
): FleetSkew {
  const up = machines.filter(({ standing }) => standing === 'running');
  const isKnown =
    machines.length > 0 && machines.every(({ standing }) => standing !== 'silent' && standing !== 'unknown');
  const running = isKnown ? up.length : null;
  const findings: { kind: FleetSkew['findings'][number]['kind']; text: string }[] = [];
  const releases = groupsOf(up, ({ release }) => release);
  if (releases.size > 1)
    findings.push({ kind: 'releases', text: `${releases.size} releases run: ${groupWords(releases)}.` });
  for (const [release, names] of releases) {
    const images = groupsOf(
      up.filter(({ name }) => names.includes(name)),
      ({ image }) => image,
    );
    if (images.size > 1) {
      findings.push({
        kind: 'images',
        text: `${release} runs from ${images.size} images: ${groupWords(images)}.`,
      });
    }
  }
  if (assumption !== null && running !== null && running !== assumption.count) {
    const { release, count, audit } = assumption;
    const text = `${release} counts on ${count} ${machinesWord(count)}; ${running} ${running === 1 ? 'runs' : 'run'}.`;
    findings.push({ kind: 'assumed', text: audit === null ? text : `${text} ${audit}` });
  }
  return { machines, running, assumption, findings, remark: remarkOf(assumption, watched, running) };
}

function remarkOf(
  assumption: Assumption | null,
  watched: string | null,
  running: number | null,
): string | null {
  const parts: string[] = [];
  if (assumption === null) {
    parts.push(
      watched === null
        ? 'No claim names a number of machines.'
        : `No claim of ${watched} names a number of machines.`,
    );
  } else if (watched !== null && watched !== assumption.release) {
    parts.push(
      `No claim of ${watched} names a number of machines; ${assumption.release} is the latest that does.`,
    );
  }
  if (running === null) parts.push('How many run can’t be told: not every machine tells.');
  return parts.length === 0 ? null : parts.join(' ');
}

function groupsOf(
  machines: readonly FleetMachine[],
  keyOf: (machine: FleetMachine) => string | null,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const machine of machines) {
    const key = keyOf(machine);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), machine.name]);
  }
  return groups;
}

function groupWords(groups: ReadonlyMap<string, readonly string[]>): string {
  return [...groups].map(([key, names]) => `${key} on ${nameList(names)}`).join(', ');
}

function machinesWord(count: number): string {
  return count === 1 ? 'machine' : 'machines';
}
