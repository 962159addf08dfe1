import { setTimeout as wait } from 'node:timers/promises';
import { startTcpProxy, type TcpProxy } from '../faults/tcp-proxy.ts';
import {
  type Backstage,
  CANARY,
  type CellFault,
  type Column,
  NOW_MS,
  type Place,
  type Stage,
  targetOf,
} from './columns.ts';
import { makeBomb } from './http-gate.ts';
import { type OddServer, startOtherProtocol, startSink, startUntrustedTls } from './odd-servers.ts';
import type { Cell, LinkFault, Row, Wanted } from './rows.ts';
import {
  inventedIn,
  openScene,
  type Scene,
  type SeenVisit,
  secretsIn,
  textFaults,
  wrongIncreases,
} from './scene.ts';
import type { Outcome } from './write-table.ts';

/** Where the deadline ends a visit, and where it must not. */
const SHORT_SECONDS = 2.5;
const LONG_SECONDS = 8;
/** A plain Redis port waits in silence for the rest of what it takes for a command. */
const HANDSHAKE_SECONDS = 2;
/** The poller cuts a session off this long after its deadline; the rest is what a busy computer may cost. */
const LATE_MS = 250 + 1_500;
const INTERVAL_MS = 60_000;
/** Past every rest that a refusal may ask for. */
const LATER_MS = 62 * 60_000;
/** What an endless answer may cost in memory: its cap, a part being decoded, and what lies in sockets. */
const MOST_TAKEN_BYTES = 80 * 1024 * 1024;
const MOST_GROWTH_BYTES = 96 * 1024 * 1024;
const SAMPLE_MS = 5;
const CLOSE_MS = 3_000;

/** Runs one cell: a good visit, the fault, and the way back; gives what is wrong about it, and what came out. */
export async function runCell(
  backstage: Backstage,
  column: Column,
  row: Row,
  cell: Cell,
): Promise<{ faults: string[]; outcome: Outcome }> {
  const closers: (() => Promise<unknown>)[] = [];
  const escaped: unknown[] = [];
  const onEscape = (error: unknown) => escaped.push(error);
  if (row.alone) process.on('uncaughtExceptionMonitor', onEscape);
  try {
    const { fault, wanted } = cell;
    const result =
      'link' in fault && isFresh(fault)
        ? await runFresh(backstage, column, fault, wanted, closers)
        : await runBetween(backstage, column, row, cell, closers);
    if (escaped.length > 0) result.faults.push(`an error escaped: ${String(escaped[0])}`);
    return result;
  } finally {
    process.off('uncaughtExceptionMonitor', onEscape);
    // A visit that never ends must not keep its servers from closing.
    for (const close of closers.reverse()) await Promise.race([close(), after(CLOSE_MS)]);
  }
}

/** These hold from the first contact on: there is no good visit before them. */
function isFresh({ link }: LinkFault): boolean {
  return link === 'no_dns' || link === 'untrusted_tls' || link === 'plain_port' || link === 'other_protocol';
}

function isOwnClock(fault: Cell['fault']): fault is LinkFault & { link: 'own_clock' } {
  return 'link' in fault && fault.link === 'own_clock';
}

function atHost(port: number): Place {
  return { host: '127.0.0.1', port };
}

type Closers = (() => Promise<unknown>)[];

async function runFresh(
  backstage: Backstage,
  column: Column,
  { link }: LinkFault,
  wanted: Wanted,
  closers: Closers,
): Promise<{ faults: string[]; outcome: Outcome }> {
  let odd: OddServer | null = null;
  let place: Place = { host: 'machine.invalid', port: 9 };
  if (link === 'untrusted_tls') odd = await startUntrustedTls({ asPostgres: column === 'NS' });
  if (link === 'other_protocol') odd = await startOtherProtocol();
  if (odd !== null) {
    closers.push(odd.close);
    place = { host: '127.0.0.1', port: odd.port, tls: link === 'untrusted_tls' };
  }
  if (link === 'plain_port') {
    const stage = await backstage.open(column, () => NOW_MS);
    closers.push(stage.close);
    place = { host: '127.0.0.1', port: stage.port, tls: true };
  }
  const timeoutSeconds = link === 'plain_port' ? HANDSHAKE_SECONDS : LONG_SECONDS;
  const target = targetOf(column, place, timeoutSeconds);
  const scene = openScene(target, () => NOW_MS);
  closers.push(scene.close);
  const seen = await scene.visit();
  const faults = judge(seen, wanted, { good: null, first: null, target, timeoutSeconds });
  if (odd?.heard.includes(CANARY)) faults.push('the credential was sent to a server that nobody knows');
  return { faults, outcome: outcomeOf(seen, null) };
}

async function runBetween(
  backstage: Backstage,
  column: Column,
  row: Row,
  { fault, wanted }: Cell,
  closers: Closers,
): Promise<{ faults: string[]; outcome: Outcome }> {
  let nowMs = NOW_MS;
  const stage = await backstage.open(column, () => nowMs);
  closers.push(stage.close);
  const proxy = await startTcpProxy({ port: stage.port });
  closers.push(proxy.close);
  const sink = await startSink();
  closers.push(sink.close);
  const timeoutSeconds = row.slow ? SHORT_SECONDS : LONG_SECONDS;
  const target = targetOf(column, atHost(proxy.port), timeoutSeconds);
  const scene = openScene(target, () => nowMs);
  closers.push(scene.close);
  // Only a visit that succeeds has to be held against one without the fault.
  const twin =
    'kept' in wanted && !isOwnClock(fault)
      ? openScene(targetOf(column, atHost(stage.twinPort), LONG_SECONDS), () => nowMs)
      : null;
  if (twin !== null) closers.push(twin.close);

  const [first] = await Promise.all([scene.visit(), twin?.visit()]);
  const faults = first.scrape.ok ? [] : [`the good visit failed: ${first.scrape.error?.message}`];
  nowMs += isOwnClock(fault) ? fault.byMs : INTERVAL_MS;
  const good = (await twin?.visit()) ?? null;
  await cause(fault, stage, proxy, sink.port);
  const { seen, grewBytes } = await measured(scene, timeoutSeconds * 1_000 + LATE_MS);
  if (seen === null)
    return { faults: [...faults, 'the visit did not end'], outcome: { kind: 'endless', restMs: null } };
  faults.push(...judge(seen, wanted, { good, first, target, timeoutSeconds }));
  if (stage.takenBytes > MOST_TAKEN_BYTES) faults.push(`${stage.takenBytes} bytes were taken`);
  if (row.alone && grewBytes > MOST_GROWTH_BYTES) faults.push(`memory grew by ${grewBytes} bytes`);
  if (sink.heard !== '') faults.push(`the redirect was followed, with ${sink.heard.length} bytes`);

  nowMs += LATER_MS;
  await heal(stage, proxy);
  const healed = await scene.visit();
  if (!healed.scrape.ok) faults.push(`it does not heal: ${healed.scrape.error?.message}`);
  return { faults, outcome: outcomeOf(seen, good) };
}

async function cause(fault: Cell['fault'], stage: Stage, proxy: TcpProxy, sinkPort: number): Promise<void> {
  if (!('link' in fault)) {
    if (fault.http?.do === 'bomb') await makeBomb();
    stage.setFault(aimed(fault, sinkPort));
    // A session that is kept would not meet what is said at its start.
    const atStart = fault.postgres?.do === 'refuse' || fault.postgres?.do === 'greet';
    if (atStart) await cutIdle(proxy);
    return;
  }
  switch (fault.link) {
    case 'refused':
      await proxy.setDown('refuse');
      return cutIdle(proxy);
    case 'reset':
      return proxy.setDown('reset');
    case 'silent':
      proxy.add({ type: 'timeout', timeoutMs: 0 });
      return;
    case 'drip':
      proxy.add({ type: 'slicer', sliceBytes: 1, delayMs: fault.everyMs });
      return;
    case 'cut':
      proxy.add({ type: 'limit_data', bytes: fault.bytes });
      return;
    case 'idle_cut':
      return cutIdle(proxy);
    case 'own_clock':
      return;
    case 'no_dns':
    case 'untrusted_tls':
    case 'plain_port':
    case 'other_protocol':
      throw new Error(`${fault.link} holds from the first contact on`);
    default:
      return fault satisfies never;
  }
}

/** The reset is on its way once the proxy has let go; it is there one turn of the loop later, or two. */
async function cutIdle(proxy: TcpProxy): Promise<void> {
  proxy.dropConnections();
  while (proxy.open > 0) await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve, 4));
}

async function heal(stage: Stage, proxy: TcpProxy): Promise<void> {
  stage.setFault(null);
  await proxy.heal();
  await cutIdle(proxy);
}

/** Puts the sink's address where a redirect points at it. */
function aimed(fault: CellFault, sinkPort: number): CellFault {
  if (fault.http?.do !== 'status' || fault.http.headers === undefined) return fault;
  const location = String(fault.http.headers.location ?? '').replace('$SINK', String(sinkPort));
  return { http: { ...fault.http, headers: { location } } };
}

/** `seen` is null when the visit is still under way well past `limitMs`. */
async function measured(
  scene: Scene,
  limitMs: number,
): Promise<{ seen: SeenVisit | null; grewBytes: number }> {
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, used());
  }, SAMPLE_MS);
  try {
    const seen = await Promise.race([scene.visit(), after(2 * limitMs)]);
    return { seen, grewBytes: most - before };
  } finally {
    clearInterval(timer);
  }
}

async function after(ms: number): Promise<null> {
  await wait(ms, undefined, { ref: false });
  return null;
}

interface Judged {
  /** The same visit without the fault, and the visit before it. */
  good: SeenVisit | null;
  first: SeenVisit | null;
  target: Parameters<typeof textFaults>[1];
  timeoutSeconds: number;
}

function judge(seen: SeenVisit, wanted: Wanted, { good, first, target, timeoutSeconds }: Judged): string[] {
  const faults: string[] = [];
  const { scrape } = seen;
  const latestMs = timeoutSeconds * 1_000 + LATE_MS;
  if (seen.tookMs > latestMs) faults.push(`it took ${Math.round(seen.tookMs)} ms of at most ${latestMs}`);
  for (const secret of secretsIn(seen)) faults.push(`a secret shows: ${secret.slice(0, 4)}…`);
  const bad = scrape.samples.filter(({ value }) => !Number.isFinite(value));
  if (bad.length > 0) faults.push(`no numbers: ${bad.map(({ metric }) => metric).join(', ')}`);

  if (!scrape.ok || 'kind' in wanted) {
    // Said below, by kind.
  } else if (seen.nextInMs > 1.5 * INTERVAL_MS + 1_000) {
    faults.push(`the next visit comes in ${Math.round(seen.nextInMs)} ms`);
  }
  if ('reset' in wanted) {
    if (!scrape.ok)
      faults.push(`failed, expected a good visit: ${scrape.error?.kind}: ${scrape.error?.message}`);
    if (first !== null) faults.push(...wrongIncreases(first, seen));
    return faults;
  }
  if ('kept' in wanted) {
    if (!scrape.ok)
      faults.push(`failed, expected a good visit: ${scrape.error?.kind}: ${scrape.error?.message}`);
    const before = good?.scrape.samples.length ?? 0;
    if (wanted.kept === 'whole' && scrape.samples.length < before)
      faults.push(`has ${scrape.samples.length} samples of ${before}`);
    if (wanted.kept === 'less' && scrape.samples.length >= before) faults.push('nothing was left out');
    const told = seen.notices.map(({ text }) => text).join(' ');
    if (wanted.says !== undefined && !wanted.says.test(told))
      faults.push(`no notice says ${wanted.says}: ${told}`);
    if (good !== null && first !== null) {
      const invented = inventedIn(seen, good, first);
      if (invented.length > 0) faults.push(`made up: ${invented.slice(0, 8).join('; ')}`);
    }
    return faults;
  }

  const { error } = scrape;
  if (error?.kind !== wanted.kind)
    faults.push(`is ${error?.kind ?? 'a good visit'}, expected ${wanted.kind}: ${error?.message}`);
  if (wanted.says !== undefined && !wanted.says.test(error?.message ?? '')) {
    faults.push(`does not say ${wanted.says}: ${error?.message}`);
  }
  faults.push(...textFaults(seen, target));
  const invented = scrape.samples.filter(
    ({ metric }) => !/^scrape_|_up$|^redis_probe_refused_ratio$/.test(metric),
  );
  if (invented.length > 0)
    faults.push(`samples of a failed visit: ${invented.map(({ metric }) => metric).join(', ')}`);
  const up = scrape.samples.find(({ metric }) => /_up$/.test(metric))?.value;
  if (up !== 0) faults.push(`up is ${up}`);
  const soonestMs = wanted.restMs ?? 0;
  const latest = Math.max(soonestMs, 1.5 * INTERVAL_MS);
  if (seen.nextInMs < soonestMs - 50 || seen.nextInMs > latest + 1_000) {
    faults.push(
      `the next visit comes in ${Math.round(seen.nextInMs)} ms, expected ${soonestMs} to ${latest}`,
    );
  }
  return faults;
}

function outcomeOf(seen: SeenVisit, good: SeenVisit | null): Outcome {
  const { scrape } = seen;
  if (scrape.error !== null) {
    const rests = seen.nextInMs > 1.5 * INTERVAL_MS;
    return { kind: scrape.error.kind, restMs: rests ? Math.round(seen.nextInMs / 1_000) * 1_000 : null };
  }
  const lost = (good?.scrape.samples.length ?? 0) - scrape.samples.length;
  return { kept: good !== null && lost > 0 ? 'less' : 'whole' };
}
