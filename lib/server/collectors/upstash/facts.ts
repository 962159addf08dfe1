import 'server-only';
import { formatMoney } from '@/lib/core/units/money.ts';
import type { Database, Stats } from './schema.ts';

/** Above this a limit is the vendor’s way to write "none"; below it every whole number is exact. */
const NO_LIMIT_ABOVE = 1e15;
const MAX_CHARS = 64;

/** A limit as a number; `none` for the vendor’s huge stand-in, null when absent or no number. */
export function readLimit(raw: number | string | null | undefined): number | 'none' | null {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'string' && !/^\d{1,20}(\.\d{1,9})?$/.test(raw)) return null;
  const value = Number(raw);
  if (Number.isNaN(value) || value <= 0) return null;
  return value > NO_LIMIT_ABOVE ? 'none' : value;
}

const STATES = ['active', 'suspended', 'passive'] as const;
export type DatabaseState = (typeof STATES)[number] | 'unknown';

/** The state; a word that we do not know is `unknown`, and so is a missing one. */
export function readState(raw: string | null | undefined): DatabaseState {
  return STATES.find((state) => state === raw) ?? 'unknown';
}

const PLANS: Readonly<Record<string, string>> = {
  free: 'free',
  payg: 'pay as you go',
  pro: 'pro',
  paid: 'paid',
};

/** What the sources list shows of a database. */
export function databaseFacts(database: Database): Record<string, string> {
  const limit = readLimit(database.db_request_limit);
  return withoutEmpty({
    database: short(database.database_name),
    databaseId: short(database.database_id).slice(0, 8),
    endpoint: short(database.endpoint),
    plan: Object.hasOwn(PLANS, database.type ?? '') ? (PLANS[database.type ?? ''] ?? '') : 'unknown',
    state: readState(database.state),
    changing: short(database.modifying_state),
    region: short(database.primary_region),
    readRegions: short(database.read_regions?.join(', ')),
    replicas: count(database.replicas),
    commandLimit: limit === null ? '' : limit === 'none' ? 'no limit' : limit.toLocaleString('en-US'),
    budget: budgetText(database.budget),
    eviction: flag(database.eviction),
    autoUpgrade: flag(database.auto_upgrade),
    prodPack: flag(database.prod_pack_enabled),
    acl: flag(database.db_acl_enabled),
    prometheus: flag(database.prometheus_enabled),
    tls: flag(database.tls),
    created: day(database.creation_time),
    planChanged: day(database.last_plan_upgrade_time),
  });
}

/** Money so far, which only the statistics tell. */
export function costFacts(stats: Stats): Record<string, string> {
  const month = stats.total_monthly_billing;
  return withoutEmpty({ costThisMonth: isMoney(month) ? formatMoney(month) : '' });
}

function budgetText(budget: number | null | undefined): string {
  if (!isMoney(budget)) return '';
  return budget === 0 ? 'none' : `${formatMoney(budget)} a month`;
}

function isMoney(value: number | null | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value < NO_LIMIT_ABOVE;
}

/** Flags come as booleans and as text. */
function flag(raw: boolean | string | null | undefined): string {
  if (raw === null || raw === undefined) return '';
  if (raw === true || raw === 'true') return 'on';
  if (raw === false || raw === 'false') return 'off';
  return 'unknown';
}

function count(value: number | null | undefined): string {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : '';
}

/** A day from Unix seconds; 0 stands for never. */
function day(seconds: number | null | undefined): string {
  if (typeof seconds !== 'number' || !(seconds > 0) || seconds > 4e9) return '';
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}

/** Text of the provider, safe to show; empty where there is none. */
export function short(text: string | null | undefined): string {
  return (text ?? '')
    .slice(0, 4 * MAX_CHARS)
    .replace(/\p{C}/gu, '')
    .trim()
    .slice(0, MAX_CHARS);
}

function withoutEmpty(facts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''));
}
