import { formatMoney } from '../../units/money.ts';
import { windowSeconds } from '../bind/base-units.ts';
import type { Finding } from '../document.ts';
import { type AuditClaim, type AuditContext, finding, isRate, isRedisCommands } from './context.ts';
import { type Figure, perSecond } from './figures.ts';
import { type KnownFacts, LIST_PRICE_PER_100K_USD } from './known.ts';
import { apart, middleOf, unitFactor } from './numbers.ts';
import { countText, windowText } from './wording.ts';

const DAY_SECONDS = 86_400;
const REDIS_WORDS = /\b(redis|upstash|valkey|GETs?|commands?|comandos?)\b/i;
/** GETs are not all commands, and allowances are not known: only what is far off is said. */
const FAR = 2;
const MAX_LINES = 5_000;
const STATED_PRICE =
  /\$\s?(\d{1,4}(?:\.\d{1,6})?)\s*(?:\/|per|por|for(?: every)?|cada)\s*100(?:,000|\s?k)\b/i;
const MONTHS = [
  ['30 days', 30 * DAY_SECONDS],
  ['365/12', (365 / 12) * DAY_SECONDS],
] as const;

interface Rate {
  before: number;
  after: number;
}

/** Money that is stated for Redis against its commands at the price in force. */
export function checkPrice(context: AuditContext, known: KnownFacts): Finding[] {
  const per100k = priceOf(context, known);
  const commands = commandsOf(context);
  if (per100k === null || commands === null) return [];
  const costs = context.claims.filter((one) => isRedisCost(context, one));
  const first = costs.find(({ claim }) => claim.before !== null && claim.after !== null);
  if (first === undefined) return [];
  const cost = (rate: number, seconds: number) => ((rate * seconds) / 100_000) * per100k.usd;
  const window = first.claim.window ?? 'day';
  const seconds = windowSeconds(window) ?? DAY_SECONDS;
  const stated = [middleOf(first.claim.before ?? 0), middleOf(first.claim.after ?? 0)] as const;
  const computed = [cost(commands.before, seconds), cost(commands.after, seconds)] as const;
  const ratio = computed[0] > 0 ? stated[0] / computed[0] : 1;
  if (ratio < FAR && ratio > 1 / FAR) return [];
  const factor = unitFactor(stated[0], computed[0]);
  const by = `${factor === null ? countText(Math.max(ratio, 1 / ratio)) : factor}× too ${ratio > 1 ? 'high' : 'low'}`;
  const pair = (numbers: readonly [number, number]) =>
    `${formatMoney(numbers[0])} → ${formatMoney(numbers[1])} per ${windowText(window)}`;
  const amounts = `${countText(round(commands.before * seconds))} → ${countText(round(commands.after * seconds))} commands`;
  const at = `at ${formatMoney(per100k.usd)} per 100K${per100k.source}`;
  return [
    finding({
      kind: 'price',
      severity: factor === null ? 'warning' : 'error',
      message: `${pair(stated)} is stated, but ${amounts} cost ${pair(computed)} ${at}: ${by}.`,
      stated: pair(stated),
      computed: pair(computed),
      lines: first.claim.source.lines,
    }),
    ...savings(context, costs, commands, per100k.usd, at),
  ];
}

/** The savings that were worked out from the wrong cost: so much they would be. */
function savings(
  context: AuditContext,
  costs: readonly AuditClaim[],
  commands: Rate,
  usd: number,
  at: string,
): Finding[] {
  const lines = [
    ...new Set(
      costs.flatMap(({ claim }) => claim.source.lines.flatMap((line) => [line, nextLine(context, line)])),
    ),
  ];
  const levels = costs.flatMap(({ claim }) =>
    [claim.before, claim.after].flatMap((span) => (span === null ? [] : middleOf(span))),
  );
  const said = lines.flatMap((line) =>
    context
      .figuresAt(line)
      .filter((one) => isSaving(one, levels))
      .map((one) => ({ one, line })),
  );
  const perDay = (((commands.before - commands.after) * DAY_SECONDS) / 100_000) * usd;
  const off = said.filter(
    ({ one }) => apart(one.value, (perDay * (windowSeconds(one.window) ?? 1)) / DAY_SECONDS) > 0.5,
  );
  if (off.length === 0) return [];
  const stated = off
    .map(({ one }) => `${formatMoney(one.value)} per ${windowText(one.window ?? '')}`)
    .join(', ');
  const computed = off.map(({ one }) => savedText(perDay, one.window ?? 'day')).join(', ');
  return [
    finding({
      kind: 'price',
      severity: 'error',
      message: `Savings of ${stated} are stated; ${at} they are ${computed}.`,
      stated,
      computed,
      lines: off.map(({ line }) => line),
    }),
  ];
}

function savedText(perDay: number, window: string): string {
  if (window !== 'month')
    return `${formatMoney((perDay * (windowSeconds(window) ?? 1)) / DAY_SECONDS)} per ${windowText(window)}`;
  const [short, long] = MONTHS.map(
    ([name, seconds]) => `${formatMoney((perDay * seconds) / DAY_SECONDS)} (${name})`,
  );
  return `${short} or ${long} per month`;
}

function isSaving(figure: Figure, levels: readonly number[]): boolean {
  return (
    figure.kind === 'money' &&
    windowSeconds(figure.window) !== null &&
    !levels.some((level) => apart(level, figure.value) < 1e-6)
  );
}

function nextLine({ summary, lineAt }: AuditContext, line: number): number {
  let next = line + 1;
  while (next < summary.lines.length && next < line + 4 && lineAt(next).trim() === '') next += 1;
  return next;
}

/** The price to reckon with; null where nothing says that the commands are billed one by one. */
function priceOf(
  { summary }: AuditContext,
  { pricePer100kUsd }: KnownFacts,
): { usd: number; source: string } | null {
  if (pricePer100kUsd !== undefined) return pricePer100kUsd > 0 ? { usd: pricePer100kUsd, source: '' } : null;
  const stated = summary.lines
    .slice(0, MAX_LINES)
    .flatMap((line) => STATED_PRICE.exec(line.slice(0, 2_000))?.[1] ?? []);
  if (stated[0] !== undefined) return { usd: Number(stated[0]), source: ', as stated' };
  const isUpstash = summary.lines.slice(0, MAX_LINES).some((line) => /upstash/i.test(line));
  return isUpstash ? { usd: LIST_PRICE_PER_100K_USD, source: ' (list price)' } : null;
}

/** The whole of the Redis commands before and after, as they were written first. */
function commandsOf(context: AuditContext): Rate | null {
  const pairs = context.claims.filter(
    (one) => isRedisCommands(one) && isRate(one) && one.before !== null && one.after !== null,
  );
  const whole = pairs.filter(({ scope }) => scope.length === 0);
  const [one] = (whole.length > 0 ? whole : pairs).toSorted((a, b) => (b.before ?? 0) - (a.before ?? 0));
  if (one === undefined || one.before === null || one.after === null) return null;
  const { before, after } = one;
  const written = context.figuresAt(one.claim.source.line).map(perSecond);
  const as = (value: number) => written.find((rate) => rate !== null && apart(rate, value) < 0.01) ?? value;
  return { before: as(before), after: as(after) };
}

function isRedisCost(context: AuditContext, one: AuditClaim): boolean {
  const { claim, section } = one;
  if (claim.unit !== 'USD' || windowSeconds(claim.window) === null) return false;
  const texts = [claim.text, section?.heading ?? '', ...claim.source.lines.slice(0, 8).map(context.lineAt)];
  return texts.some((text) => REDIS_WORDS.test(text)) || onlyRedis(context);
}

/** True when nothing else that costs money is named in the claims. */
function onlyRedis({ claims }: AuditContext): boolean {
  return (
    claims.every(({ claim }) => claim.metric === null || !/^(neon|fly)_/.test(claim.metric)) &&
    claims.some(isRedisCommands)
  );
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
