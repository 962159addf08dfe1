import 'server-only';
import type { Labels, Sample, StartMarker } from '@/lib/core/model/sample.ts';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import { clockSkewNotice, SKEW_TOLERATED_MS } from '@/lib/server/collectors/clock-skew.ts';
import { cleanText, type Fields, isWord, numberOf, partsOf, readFields } from './fields.ts';
import {
  COMMAND_PARTS,
  DATABASE_PARTS,
  type Flavour,
  MAX_COMMANDS,
  MAX_DATABASES,
  MAX_ERROR_KINDS,
  OTHER_FIELDS,
  PLAIN_FIELDS,
  UPSTASH_FIELDS,
} from './schema.ts';

/** A reply of INFO, taken apart. */
export interface InfoReply extends CollectResult {
  flavour: Flavour;
  /** True when INFO takes several sections in one call. */
  takesSections: boolean;
}

/**
 * Reads the text of INFO. Null when it holds no version, so is no INFO at all; otherwise every sample stands for
 * a field that was there. Survives any text.
 */
export function parseInfo(text: string, nowMs: number): InfoReply | null {
  const { fields, sections } = readFields(text);
  const flavour = flavourOf(fields);
  if (flavour === null) return null;
  const { member, members } = membersOf(fields);
  const labels: Labels = member !== null && members !== 1 ? { member } : {};

  const samples: Sample[] = [];
  const notices: Notice[] = [];
  addPlain(samples, fields, flavour, labels);
  addReplicationLink(samples, fields, labels);
  addDatabases(samples, fields, sections, labels);
  addErrors(samples, notices, { fields, sections }, flavour, labels);
  addCommands(samples, notices, fields, labels);
  addCommandsMissing(notices, fields, sections, flavour);

  const skewMs = clockSkewMs(fields, nowMs);
  const skew = skewMs === null ? null : clockSkewNotice(skewMs);
  if (skew !== null) notices.push(skew);
  if (member !== null && members !== null && members > 1) {
    notices.push({
      code: 'several_replicas',
      text: `${members} replicas answer behind this address; each counts for itself, so numbers are kept by replica`,
    });
  }
  if (fields.get('loading') === '1') {
    notices.push({
      code: 'loading',
      text: 'it is loading its data from disk and refuses other commands until done',
    });
  }
  const start = flavour === 'upstash' ? null : startOf(fields, nowMs, skewMs);
  const facts = factsOf(fields, flavour, member);
  return { samples, notices, start, facts, flavour, takesSections: takesSections(fields, flavour) };
}

function flavourOf(fields: ReadonlyMap<string, string>): Flavour | null {
  if (fields.has('upstash_version')) return 'upstash';
  if (fields.has('dragonfly_version')) return 'dragonfly';
  if (fields.has('valkey_version') || fields.get('server_name') === 'valkey') return 'valkey';
  if (!fields.has('redis_version')) return null;
  return fields.has('mvcc_depth') ? 'keydb' : 'redis';
}

function versionOf(fields: ReadonlyMap<string, string>, flavour: Flavour): string | null {
  // Valkey freezes `redis_version` at 7.2.4, and the other forks do likewise.
  const own = fields.get(`${flavour}_version`)?.replace(/^(df-)?v?/, '');
  return cleanText(own ?? fields.get('redis_version'));
}

/** Several sections in one call came with Redis 7.0, which Valkey grew from. */
function takesSections(fields: ReadonlyMap<string, string>, flavour: Flavour): boolean {
  if (flavour === 'valkey') return true;
  return flavour === 'redis' && Number.parseInt(fields.get('redis_version') ?? '', 10) >= 7;
}

function factsOf(
  fields: ReadonlyMap<string, string>,
  flavour: Flavour,
  member: string | null,
): Record<string, string> {
  const version = versionOf(fields, flavour);
  const found: Record<string, string | null> = {
    version: version === null ? flavour : `${flavour} ${version}`,
    flavour,
    role: roleOf(fields.get('role')),
    // Valkey 8 renamed the field unless it is told to be compatible.
    mode: cleanText(fields.get('redis_mode') ?? fields.get('server_mode')),
    runId: cleanText(fields.get('run_id'))?.slice(0, 8) ?? null,
    maxmemoryPolicy: cleanText(fields.get('maxmemory_policy')),
    zone: cleanText(fields.get('availability_zone')),
    member,
  };
  const facts: Record<string, string> = {};
  for (const [key, value] of Object.entries(found)) if (value !== null) facts[key] = value;
  return facts;
}

function roleOf(raw: string | undefined): string | null {
  if (raw === undefined || raw === '') return null;
  if (raw === 'master') return 'master';
  return raw === 'slave' || raw === 'replica' ? 'replica' : 'unknown';
}

/** Which replica answered and how many there are; `members` null when that is not said. */
function membersOf(fields: ReadonlyMap<string, string>): { member: string | null; members: number | null } {
  const all = (fields.get('all_members') ?? '').split(/[\s,;[\]]+/).filter((name) => name !== '');
  return { member: cleanText(fields.get('local_member')), members: all.length === 0 ? null : all.length };
}

/** Server clock minus ours; null where it is not told. Includes the way there, so only large values mean something. */
function clockSkewMs(fields: ReadonlyMap<string, string>, nowMs: number): number | null {
  const micros = numberOf(fields.get('server_time_usec'));
  return micros === null || micros === 0 ? null : Math.round(micros / 1000) - nowMs;
}

/**
 * Start of the process in our clock, in whole seconds as the server counts them. Where its clock is about ours the
 * server's own is used, so that every visit gives the same instant.
 */
function startOf(
  fields: ReadonlyMap<string, string>,
  nowMs: number,
  skewMs: number | null,
): StartMarker | null {
  const marker = cleanText(fields.get('run_id'));
  if (marker === null) return null;
  const uptimeSeconds = numberOf(fields.get('uptime_in_seconds'));
  if (uptimeSeconds === null) return { marker, atMs: null };
  const serverMs = skewMs === null || Math.abs(skewMs) > SKEW_TOLERATED_MS ? nowMs : nowMs + skewMs;
  const atMs = (Math.floor(serverMs / 1000) - Math.floor(uptimeSeconds)) * 1000;
  return { marker, atMs: atMs > 0 ? atMs : null };
}

function addPlain(
  samples: Sample[],
  fields: ReadonlyMap<string, string>,
  flavour: Flavour,
  labels: Labels,
): void {
  const own = flavour === 'upstash' ? UPSTASH_FIELDS : OTHER_FIELDS;
  for (const { field, metric, quality, zeroIsAbsent } of [...PLAIN_FIELDS, ...own]) {
    const value = numberOf(fields.get(field));
    if (value === null || (zeroIsAbsent === true && value === 0)) continue;
    samples.push({ metric, labels, value, ...(quality && { quality }) });
  }
}

function addReplicationLink(samples: Sample[], fields: ReadonlyMap<string, string>, labels: Labels): void {
  const status = fields.get('master_link_status');
  // A word that is neither is not read as healthy, nor as broken.
  if (status !== 'up' && status !== 'down') return;
  samples.push({ metric: 'redis_master_link_up', labels, value: status === 'up' ? 1 : 0 });
}

function addDatabases(
  samples: Sample[],
  fields: ReadonlyMap<string, string>,
  sections: ReadonlySet<string>,
  labels: Labels,
): void {
  let found = 0;
  for (const [name, raw] of fields) {
    if (!/^db\d{1,5}$/.test(name) || found >= MAX_DATABASES) continue;
    const parts = partsOf(raw);
    for (const { part, metric } of DATABASE_PARTS) {
      const value = numberOf(parts.get(part));
      if (value !== null) samples.push({ metric, labels: { ...labels, db: name }, value });
    }
    found += 1;
  }
  // A database without keys has no line: under the heading, no line at all is a measured 0.
  if (found === 0 && sections.has('keyspace')) {
    samples.push({ metric: 'redis_db_keys', labels: { ...labels, db: 'db0' }, value: 0 });
  }
}

function addErrors(
  samples: Sample[],
  notices: Notice[],
  { fields, sections }: Fields,
  flavour: Flavour,
  labels: Labels,
): void {
  let found = 0;
  for (const [name, raw] of fields) {
    if (!name.startsWith('errorstat_') || found >= MAX_ERROR_KINDS) continue;
    const err = name.slice('errorstat_'.length);
    if (err === 'ERRORSTATS_DISABLED' || err === 'ERRORSTATS_OVERFLOW') {
      notices.push({
        code: 'errorstats_disabled',
        text: 'it saw too many kinds of error and stopped counting them by kind; CONFIG RESETSTAT starts it again',
      });
      return;
    }
    // A line that cannot be read is still a line: there have been errors, so there is no 0 to tell of.
    found += 1;
    const value = numberOf(partsOf(raw).get('count'));
    if (value === null || !isWord(err)) continue;
    samples.push({ metric: 'redis_errors_total', labels: { ...labels, err }, value });
  }
  // The heading without a line says that no error has happened yet; one measured 0 lets the first ones count.
  // Upstash answers any section it does not know with its heading alone, so there the heading says nothing.
  if (found === 0 && sections.has('errorstats') && flavour !== 'upstash') {
    samples.push({ metric: 'redis_errors_total', labels: { ...labels, err: 'ERR' }, value: 0 });
  }
}

function addCommands(
  samples: Sample[],
  notices: Notice[],
  fields: ReadonlyMap<string, string>,
  labels: Labels,
): void {
  let found = 0;
  for (const [name, raw] of fields) {
    if (!name.startsWith('cmdstat_')) continue;
    const cmd = name.slice('cmdstat_'.length).toLowerCase();
    if (!isWord(cmd)) continue;
    if (found >= MAX_COMMANDS) {
      notices.push({
        code: 'too_many_commands',
        text: `it lists more than ${MAX_COMMANDS} commands; the rest are left out`,
      });
      return;
    }
    const parts = partsOf(raw);
    for (const { part, metric, scale } of COMMAND_PARTS) {
      const value = numberOf(parts.get(part));
      if (value !== null) samples.push({ metric, labels: { ...labels, cmd }, value: value * scale });
    }
    found += 1;
  }
}

function addCommandsMissing(
  notices: Notice[],
  fields: ReadonlyMap<string, string>,
  sections: ReadonlySet<string>,
  flavour: Flavour,
): void {
  for (const name of fields.keys()) if (name.startsWith('cmdstat_')) return;
  // Just after a start the section is there and empty: nothing is missing then.
  if (sections.has('commandstats') && flavour !== 'upstash') return;
  notices.push({
    code: 'no_commandstats',
    text:
      flavour === 'upstash'
        ? "Upstash gives no counts by command, so GETs cannot be read here; add the app's own counter, or read commands are shown instead"
        : "its INFO has no commandstats, so commands cannot be told apart; add the app's own counter",
  });
}
