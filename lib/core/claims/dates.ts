const MONTHS: readonly string[] = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
];
const SPANISH: readonly string[] = [
  'ene',
  'feb',
  'mar',
  'abr',
  'may',
  'jun',
  'jul',
  'ago',
  'sep',
  'oct',
  'nov',
  'dic',
];
const NAMES = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|ene|abr|ago|dic)[a-z]*\\.?';
const TIME =
  '(?:[T,]?\\s*(?:at |a las )?(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.\\d+)?)?\\s*(am|pm)?\\s*(Z|UTC|GMT|[+-]\\d{2}:?\\d{2})?)?';

const ISO = new RegExp(`\\b(\\d{4})-(\\d{2})-(\\d{2})${TIME}`, 'i');
const MONTH_FIRST = new RegExp(`\\b(${NAMES})\\s+(\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s+(\\d{4}))${TIME}`, 'i');
const DAY_FIRST = new RegExp(
  `\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:de\\s+|of\\s+)?(${NAMES}),?\\s+(?:de\\s+|del\\s+)?(\\d{4})${TIME}`,
  'i',
);
const NUMBERS = new RegExp(`\\b(\\d{1,2})[/.](\\d{1,2})[/.](\\d{4})${TIME}`, 'i');
const MONTH_ONLY = new RegExp(`\\b(${NAMES})\\s+(?:de\\s+)?(\\d{4})\\b`, 'i');
const YEAR_MONTH = /\b(20\d{2})-(0[1-9]|1[0-2])\b(?!-)/;

/** A date in a text. */
export interface FoundDate {
  readonly text: string;
  /** ISO with as much as was written; the time in UTC, or without a zone where none was named. */
  readonly iso: string;
}

/** The first date of a text, with its time when there is one; null for none. */
export function readDate(text: string): FoundDate | null {
  // Every date has a year of four digits.
  if (!/\d{4}/.test(text)) return null;
  const iso = ISO.exec(text);
  if (iso !== null) return make(iso, Number(iso[1]), Number(iso[2]), Number(iso[3]), 4);
  const monthFirst = MONTH_FIRST.exec(text);
  if (monthFirst !== null)
    return make(monthFirst, Number(monthFirst[3]), monthOf(monthFirst[1] ?? ''), Number(monthFirst[2]), 4);
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst !== null)
    return make(dayFirst, Number(dayFirst[3]), monthOf(dayFirst[2] ?? ''), Number(dayFirst[1]), 4);
  const numbers = NUMBERS.exec(text);
  if (numbers !== null) {
    const first = Number(numbers[1]);
    const second = Number(numbers[2]);
    // Day first, as most of the world writes it, unless that cannot be.
    const [day, month] = second > 12 ? [second, first] : [first, second];
    return make(numbers, Number(numbers[3]), month, day, 4);
  }
  const monthOnly = MONTH_ONLY.exec(text);
  if (monthOnly !== null) {
    const month = monthOf(monthOnly[1] ?? '');
    if (month > 0) return { text: monthOnly[0].trim(), iso: `${monthOnly[2]}-${two(month)}` };
  }
  const yearMonth = YEAR_MONTH.exec(text);
  return yearMonth === null ? null : { text: yearMonth[0], iso: yearMonth[0] };
}

function monthOf(name: string): number {
  const head = name.slice(0, 3).toLowerCase();
  return Math.max(MONTHS.indexOf(head), SPANISH.indexOf(head)) + 1;
}

function make(
  match: RegExpExecArray,
  year: number,
  month: number,
  day: number,
  at: number,
): FoundDate | null {
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1970 || year > 2200) return null;
  const date = `${year}-${two(month)}-${two(day)}`;
  const text = match[0].trim().replace(/[,T]$/, '');
  const [hours, minutes, seconds, half, zone] = [
    match[at],
    match[at + 1],
    match[at + 2],
    match[at + 3],
    match[at + 4],
  ];
  if (hours === undefined || minutes === undefined) return { text, iso: date };
  let hour = Number(hours);
  if (half !== undefined) hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  if (hour > 23 || Number(minutes) > 59) return { text, iso: date };
  const clock = `${two(hour)}:${minutes}${seconds === undefined ? '' : `:${seconds}`}`;
  if (zone === undefined) return { text, iso: `${date}T${clock}` };
  if (/^(?:Z|UTC|GMT)$/i.test(zone))
    return { text, iso: `${date}T${clock}${seconds === undefined ? ':00' : ''}Z` };
  const shifted = Date.parse(
    `${date}T${two(hour)}:${minutes}:${seconds ?? '00'}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`,
  );
  return Number.isFinite(shifted)
    ? { text, iso: new Date(shifted).toISOString().replace('.000Z', 'Z') }
    : { text, iso: date };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
