import { formatMoney } from '../units/money.ts';
import type { ArrivingFact } from './consequences.ts';
import { rateText } from './words.ts';

/** What was counted over one stretch, per minute. */
export interface ArrivingCounts {
  /** All commands that Redis executed; ours are among them. */
  total: number;
  ours: number;
  /** Those by their names; null where only their sum is told. */
  byCommand: ReadonlyMap<string, number> | null;
  /** Sent by machines, by their own counters; null where none counts. */
  fromMachines: number | null;
  /** Attempts of machines to connect that failed; null where none counts. */
  failedConnects: number | null;
  /** Price of one command; null where nothing is billed, or the price is not known. */
  usdPerCommand: number | null;
}

/** Commands by which a client introduces itself, and asks whether the other side is there. */
const GREETINGS: ReadonlySet<string> = new Set([
  'auth',
  'hello',
  'select',
  'client',
  'ping',
  'quit',
  'reset',
]);
/** Less than this is rounding. */
const LEAST = 0.05;
const MOST_NAMES = 3;

/**
 * Who sends what still arrives at Redis: what machines count themselves, greetings of connects that fail, and the rest,
 * which nobody accounts for. Never more parts than the whole.
 */
export function arrivingOf(counts: ArrivingCounts): ArrivingFact {
  // Ours are INFO: where commands are told apart, no more of them are ours than there were.
  const info = counts.byCommand === null ? null : (counts.byCommand.get('info') ?? 0);
  const ours = info === null ? counts.ours : Math.min(counts.ours, info);
  const perMinute = Math.max(0, counts.total - ours);
  let rest = perMinute;
  const parts: { what: string; perMinute: number }[] = [];
  const take = (what: string, most: number) => {
    const part = Math.min(rest, most);
    if (part < LEAST) return;
    parts.push({ what, perMinute: part });
    rest -= part;
  };
  take('from your machines', counts.fromMachines ?? 0);
  const greetings = sumOf(counts.byCommand, (cmd) => GREETINGS.has(cmd));
  const failed = counts.failedConnects ?? 0;
  // A failed connect is seen at Redis by its greeting, where greetings are told apart.
  take('failed connects', counts.byCommand === null ? failed : Math.min(failed, greetings));
  take('other connects', Math.max(0, greetings - failed));
  take(unknownWords(counts.byCommand, ours), rest);
  const { usdPerCommand } = counts;
  return { perMinute, parts, usdPerDay: usdPerCommand === null ? null : perMinute * 1_440 * usdPerCommand };
}

function unknownWords(byCommand: ArrivingCounts['byCommand'], ours: number): string {
  const names = [...(byCommand ?? [])]
    .map(([cmd, perMinute]) => [cmd, cmd === 'info' ? perMinute - ours : perMinute] as const)
    .filter(([cmd, perMinute]) => !GREETINGS.has(baseOf(cmd)) && perMinute >= LEAST)
    .sort((a, b) => b[1] - a[1])
    .map(([cmd]) => cmd);
  if (names.length === 0) return 'unknown';
  const more = names.length > MOST_NAMES ? ' …' : '';
  return `unknown (${names.slice(0, MOST_NAMES).join(', ')}${more})`;
}

function sumOf(byCommand: ArrivingCounts['byCommand'], fits: (cmd: string) => boolean): number {
  let sum = 0;
  for (const [cmd, perMinute] of byCommand ?? []) if (fits(baseOf(cmd))) sum += perMinute;
  return sum;
}

/** Subcommands stand behind a bar: `client|setinfo`. */
function baseOf(cmd: string): string {
  return cmd.split('|')[0] ?? cmd;
}

/** `failed connects 41/min, unknown 3/min`. */
export function partsText(parts: ArrivingFact['parts']): string {
  return parts.map(({ what, perMinute }) => `${what} ${rateText(perMinute)}/min`).join(', ');
}

/** `44/min, $0.13/day: failed connects 41/min, unknown 3/min`. */
export function billedText(perMinute: number, usdPerDay: number | null, parts: string): string {
  const cost = usdPerDay === null ? '' : `, ${formatMoney(usdPerDay)}/day`;
  return `${rateText(perMinute)}/min${cost}${parts === '' ? '' : `: ${parts}`}`;
}
