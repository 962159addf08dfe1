import type { Span } from './document.ts';
import { remember } from './memo.ts';
import type { QuantityKind } from './quantity.ts';
import { type NumberStyle, type ReadNumber, readNumber, roundValue } from './quantity-number.ts';

/** What stands after a number and belongs to it. */
export interface Tail {
  readonly value: Span;
  readonly kind: QuantityKind;
  readonly unit: string | null;
  readonly window: string | null;
  readonly noun: string;
  readonly end: number;
  readonly orMore: boolean;
  /** From the number as written to `value`: 60 for minutes. */
  readonly scale: number;
}

interface Unit {
  readonly kind: QuantityKind;
  readonly unit: string;
  /** Into the unit that the document names: minutes into seconds. */
  readonly scale: number;
  readonly window?: string;
}

const unit = (kind: QuantityKind, name: string, scale = 1, window?: string): Unit => ({
  kind,
  unit: name,
  scale,
  ...(window === undefined ? {} : { window }),
});

/** Units by spelling, with the signs they begin with; letters in the case that they are written in where it matters. */
const UNITS: readonly [starts: string, RegExp, Unit][] = [
  ['f', /^(?:fps)(?![A-Za-zÀ-ÿ])/i, unit('count', 'fps')],
  ['p', /^(?:points?|puntos)(?![A-Za-zÀ-ÿ])/i, unit('points', 'pp')],
  ['p', /^(?:percentage points?|pp|p\.p\.|puntos porcentuales|ppt)(?![A-Za-zÀ-ÿ])/i, unit('points', 'pp')],
  ['%p', /^(?:%|percent\b|per cent\b|por ciento\b|pct\b)/i, unit('percent', '%')],
  ['m', /^(?:milliseconds?|millis|milisegundos?|msecs?|ms)(?![A-Za-zÀ-ÿ])/i, unit('time', 'ms')],
  ['mµμu', /^(?:microseconds?|µs|μs|us)(?![A-Za-zÀ-ÿ])/, unit('time', 'ms', 1e-3)],
  ['n', /^(?:nanoseconds?|ns)(?![A-Za-zÀ-ÿ])/, unit('time', 'ms', 1e-6)],
  ['s', /^(?:seconds?|segundos?|secs?|seg|s)(?![A-Za-zÀ-ÿ])/i, unit('time', 's')],
  ['m', /^(?:minutes?|minutos?|mins?|m)(?![A-Za-zÀ-ÿ])/, unit('time', 's', 60)],
  ['h', /^(?:hours?|horas?|hrs?|h)(?![A-Za-zÀ-ÿ])/, unit('time', 's', 3_600)],
  ['d', /^(?:days?|d[ií]as?|d)(?![A-Za-zÀ-ÿ])/, unit('time', 's', 86_400)],
  ['ws', /^(?:weeks?|semanas?)(?![A-Za-zÀ-ÿ])/, unit('time', 's', 604_800)],
  ['k', /^(?:KiB)(?![A-Za-zÀ-ÿ])/, unit('bytes', 'KB', 1.024)],
  ['m', /^(?:MiB)(?![A-Za-zÀ-ÿ])/, unit('bytes', 'MB', 1.048576)],
  ['g', /^(?:GiB)(?![A-Za-zÀ-ÿ])/, unit('bytes', 'GB', 1.073741824)],
  ['k', /^(?:kilobytes?|kb|KB|kB|Kb)(?:ps)?(?![A-Za-zÀ-ÿ])/, unit('bytes', 'KB')],
  ['m', /^(?:megabytes?|mb|MB|Mb)(?![A-Za-zÀ-ÿ])/, unit('bytes', 'MB')],
  ['g', /^(?:gigabytes?|gb|GB|Gb)(?![A-Za-zÀ-ÿ])/, unit('bytes', 'GB')],
  ['t', /^(?:terabytes?|tb|TB|Tb)(?![A-Za-zÀ-ÿ])/, unit('bytes', 'GB', 1_000)],
  ['b', /^(?:bytes?|B)(?![A-Za-zÀ-ÿ])/, unit('bytes', 'B')],
  ['ud$', /^(?:USD|US\$|dollars?|d[oó]lares?)(?![A-Za-zÀ-ÿ])|^\$(?!\d)/, unit('money', 'USD')],
  ['c¢', /^(?:cents?|centavos|¢)(?![A-Za-zÀ-ÿ])/, unit('money', 'USD', 0.01)],
  ['e€', /^(?:€|EUR\b|euros?\b)/, unit('money', 'EUR')],
  ['r', /^(?:rps|req\/s|requests\/sec(?:ond)?|reqs\/s)(?![A-Za-zÀ-ÿ])/i, unit('count', 'requests', 1, 's')],
  ['r', /^(?:rpm|req\/min)(?![A-Za-zÀ-ÿ])/i, unit('count', 'requests', 1, 'min')],
  ['q', /^(?:qps)(?![A-Za-zÀ-ÿ])/i, unit('count', 'queries', 1, 's')],
  ['t', /^(?:tps)(?![A-Za-zÀ-ÿ])/i, unit('count', 'transactions', 1, 's')],
  ['o', /^(?:ops\/s(?:ec)?|ops)(?![A-Za-zÀ-ÿ])(?=\/s)?/i, unit('count', 'ops', 1)],
  ['x×', /^(?:x|×|X)(?![A-Za-z0-9])/, unit('factor', 'x')],
  ['-f', /^(?:-?fold)\b/i, unit('factor', 'x')],
  [
    'tv',
    /^(?:times|veces)(?=\s+(?:faster|sooner|earlier|quicker|slower|fewer|less|more|lower|higher|smaller|larger|cheaper|better|as|the|m[aá]s|menos|menor|mayor))/i,
    unit('factor', 'x'),
  ],
];
/** Units by their first sign in small letters, each list in the order of `UNITS`. */
const UNITS_BY_START = new Map<string, [RegExp, Unit][]>();
for (const [starts, pattern, found] of UNITS)
  for (const start of starts) {
    const list = UNITS_BY_START.get(start) ?? [];
    list.push([pattern, found]);
    UNITS_BY_START.set(start, list);
  }

const SPACES = /^[ \t]*/;
const WINDOW_UNITS: readonly [RegExp, string][] = [
  [/^(?:seconds?|secs?|s|segundos?)(?![A-Za-zÀ-ÿ])/i, 's'],
  [/^(?:minutes?|mins?|minutos?|m)(?![A-Za-zÀ-ÿ])/, 'min'],
  [/^(?:hours?|hrs?|hr|h|horas?)(?![A-Za-zÀ-ÿ])/i, 'h'],
  [/^(?:days?|d|d[ií]as?)(?![A-Za-zÀ-ÿ])/i, 'day'],
  [/^(?:weeks?|wk|w|semanas?)(?![A-Za-zÀ-ÿ])/i, 'week'],
  [/^(?:months?|mo|mth|mes(?:es)?)(?![A-Za-zÀ-ÿ])/i, 'month'],
  [/^(?:years?|yr|y|a[ñn]os?)(?![A-Za-zÀ-ÿ])/i, 'year'],
];
const ADVERB =
  /^\s+(?:(daily|diari[oa]s?|diariamente)|(hourly)|(weekly|semanal(?:es)?)|(monthly|mensual(?:es)?|mensualmente)|(?:yearly|annual(?:ly)?|anual(?:es)?))\b/i;

/** A window at the start of `text` (`/hour`, `per 3 hours`, `a day`, `al mes`, `in 1 hour`): its name and length; null for none. */
export function readWindow(text: string): { window: string; length: number } | null {
  const head =
    /^\s*\/\s?|^\s+(?:per|por|cada|every|each)\s+|^\s+(?:a|an|al|a la|in an?|in|en|within|within an?|over|during|durante)\s+(?=(?<=\b(?:in|en|within|over|during|durante)\s+)\d|second|minute|min\b|hour|day|week|month|year|segundo|minuto|hora|d[ií]a|semana|mes|a[ñn]o)/i.exec(
      text,
    );
  if (head !== null) {
    let at = head[0].length;
    const many = /^(\d{1,3})\s?-?\s?/.exec(text.slice(at));
    const loose = /in|en|within|over|during|durante/i.test(head[0]);
    if (many !== null) at += many[0].length;
    const found = WINDOW_UNITS.find(([one]) => one.test(text.slice(at, at + 16)));
    if (found !== undefined) {
      const length = at + (found[0].exec(text.slice(at, at + 16))?.[0].length ?? 0);
      const count = Number(many?.[1] ?? 1);
      // `in 15 minutes` says when it is reached, not how often it happens; a limit's reader asks for it itself.
      if (loose && !/^\s+(?:in|en|within|over)\s+(?:an?\s+|1\s+)?(?:\d+\s+)?/i.test(text)) return null;
      return { window: count <= 1 ? found[1] : `${count}${found[1]}`, length };
    }
    return null;
  }
  const adverb = ADVERB.exec(text);
  if (adverb === null) return null;
  const [all, day, hour, week, month] = adverb;
  return {
    window: day ? 'day' : hour ? 'h' : week ? 'week' : month ? 'month' : 'year',
    length: all.length,
  };
}

/** Words that end a noun. */
const STOP = new Set(
  'to from per on in for with and or vs versus instead at of the a an were is are was be being before after now than by via when if then that which it we our this these as but so because due down up into over under within during every each only also still not no should will would can could has have had de del al en por con para y o que se la el los las antes despues después ahora desde hasta cada es son era fue reduction decrease increase improvement saving savings saved fewer less more faster slower lower higher reduced used using running across without while where out off drop drops dropped became becomes approximately about around roughly total today later ago combined expected reduccion reducción menos mas más mejora avoided eliminated removed rather previously currently compared against took takes went goes between until previous apart through left right made sent worth hit shorter smaller larger cheaper longer plus minus times'.split(
    ' ',
  ),
);

/** The noun at the start of `text`: up to four words, and how long it is. */
export function readNoun(text: string): { noun: string; length: number } {
  let length = 0;
  const words: string[] = [];
  const pattern = /[ \t]+([A-Za-zÀ-ÿ][\wÀ-ÿ'-]*)|^([A-Za-zÀ-ÿ][\wÀ-ÿ'-]*)/y;
  while (words.length < 4) {
    pattern.lastIndex = length;
    const match = pattern.exec(text);
    const word = match?.[1] ?? match?.[2];
    if (
      match === null ||
      word === undefined ||
      STOP.has(word.toLowerCase()) ||
      (/^(?:GET|SET)$/.test(word) === false && /^[A-Z][a-z]+$/.test(word) && words.length > 1)
    )
      break;
    words.push(word);
    length = pattern.lastIndex;
  }
  return { noun: words.join(' '), length };
}

/** Range marks between two numbers; the second number is read after them. */
const RANGE = /^(?:\s?[-–—]\s?|\s?~\s?)(?=[$€£]?\d)/;
/** `between 10 and 15 %`, `entre un 10 y un 15 %`. */
const BETWEEN = /^\s(?:and|y|to)\s(?:un |una |el |about |~)?(?=[$€£]?\d)/;

/**
 * The unit, the window and the noun of the number that ends at `first.end`, and the far end of a range. Null for a
 * number that is part of a word, such as `2nd` or `4xx`.
 */
export function readTail(
  masked: string,
  first: ReadNumber,
  money: string | null,
  style: NumberStyle,
  between = false,
): Tail | null {
  let end = first.end;
  let low = first.value;
  let high: number | null = null;
  let scaledLow = first.scaled;
  let own = readUnitAt(masked, end);
  const range = (between ? BETWEEN : RANGE).exec(
    masked.slice(own?.end ?? end, (own?.end ?? end) + (between ? 14 : 6)),
  );
  if (range !== null) {
    let from = (own?.end ?? end) + range[0].length;
    if (/[$€£]/.test(masked.charAt(from))) from += 1;
    const spaced = /\s/.test(range[0]);
    const second = readNumber(masked, from, style);
    if (second !== null) {
      const far = readUnitAt(masked, second.end);
      const same = own === null || (far !== null && far.unit.kind === own.unit.kind);
      // `10 - 5` is no range; `3 - 2024` neither. With spaces, only a unit after the second number makes it one.
      let lowValue = low;
      if (second.scaled && !scaledLow && low < 1000 && second.value >= 1000 && !(low * 1 >= second.value)) {
        const scale =
          second.value / Number(/\d[\d.,]*/.exec(masked.slice(from, second.end))?.[0].replace(/,/g, '') || 1);
        if (Number.isFinite(scale) && scale >= 1000) lowValue = low * Math.round(scale);
      }
      if (own !== null && far !== null)
        lowValue = (low * own.unit.scale * baseOf(own.unit.unit)) / (far.unit.scale * baseOf(far.unit.unit));
      if (
        same &&
        lowValue < second.value &&
        (!spaced ||
          far !== null ||
          money !== null ||
          /^\s+[a-z]/i.test(masked.slice(second.end, second.end + 3)))
      ) {
        low = lowValue;
        high = second.value;
        end = second.end;
        scaledLow = second.scaled;
        own = far ?? (own === null ? null : { unit: { ...own.unit }, end });
        if (far === null && own !== null) own = { unit: own.unit, end };
      }
    }
  }
  // `3h 20m`, `4 min 10 s`.
  if (own !== null && own.unit.kind === 'time' && high === null && own.unit.scale >= 60) {
    const more = /^\s?(?=\d{1,2}\s?(?:m|min|mins|s|sec|secs|seconds|minutes|minutos|segundos)\b)/.exec(
      masked.slice(own.end, own.end + 12),
    );
    const at = own.end + (more?.[0].length ?? 0);
    const second = more === null ? null : readNumber(masked, at, style);
    const far = second === null ? null : readUnitAt(masked, second.end, true);
    if (
      second !== null &&
      far !== null &&
      far.unit.kind === 'time' &&
      far.unit.unit === 's' &&
      far.unit.scale < own.unit.scale
    ) {
      low = low * own.unit.scale + second.value * far.unit.scale;
      end = far.end;
      own = { unit: { kind: 'time', unit: 's', scale: 1 }, end };
    }
  }
  let orMore = false;
  const plus = /^\+(?![\w])/.exec(masked.slice(own?.end ?? end, (own?.end ?? end) + 2)) ?? null;
  if (own === null && /^\+(?!\d)/.test(masked.slice(end, end + 2))) {
    orMore = true;
    end += 1;
    own = readUnitAt(masked, end);
  } else if (own !== null && plus !== null) {
    orMore = true;
    own = { unit: own.unit, end: own.end + 1 };
  }
  if (own !== null) end = own.end;
  // Glued letters that are no unit: `4xx`, `2nd`, `3rd`, `64bit`.
  if (own === null && /^[A-Za-z_]/.test(masked.slice(end, end + 1)) && !orMore) return null;
  if (own === null && /^-(?=[A-Za-z])/.test(masked.slice(end, end + 2))) {
    const hyphened = readUnitAt(masked, end + 1);
    if (hyphened === null) return null;
    own = hyphened;
    end = hyphened.end;
  }
  let kind: QuantityKind = own?.unit.kind ?? 'count';
  let name: string | null = own?.unit.unit ?? null;
  let scale = own?.unit.scale ?? 1;
  let window = own?.unit.window ?? null;
  if (money !== null) {
    kind = 'money';
    name = money.includes('€') ? 'EUR' : money.includes('£') ? 'GBP' : 'USD';
    scale = 1;
    if (own !== null && own.unit.kind !== 'money')
      end = Math.max(first.end, own.unit.unit === 'x' ? first.end : end);
    // `$5m` are millions.
    if (own !== null && own.unit.unit === 's' && own.unit.scale === 60) scale = 1e6;
  }
  let noun = '';
  if (kind === 'count' && name === null) {
    const read = readNoun(masked.slice(end, end + 80));
    noun = read.noun;
    if (noun !== '') {
      end += read.length;
      name = noun.split(' ').at(-1) ?? null;
    }
  } else if (kind === 'count' && name !== null) noun = name;
  else if (kind !== 'factor') {
    const read = readNoun(masked.slice(end, end + 80));
    noun = read.noun;
  }
  if (window === null) {
    const read = readWindow(masked.slice(end, end + 30));
    if (
      read !== null &&
      !(
        kind === 'time' &&
        read.length > 0 &&
        !/^\s*\//.test(masked.slice(end, end + 2)) &&
        /^\s+(?:in|over|within)/.test(masked.slice(end, end + 8))
      )
    ) {
      window = read.window;
      end += read.length;
      // `24K/hour GETs`.
      if (kind === 'count' && name === null) {
        const after = readNoun(masked.slice(end, end + 60));
        if (after.noun !== '') {
          noun = after.noun;
          name = noun.split(' ').at(-1) ?? null;
          end += after.length;
        }
      }
    } else if (kind !== 'factor' && kind !== 'percent' && noun !== '' && name !== null && kind !== 'count') {
      // `$352 Redis cost per day`: the window may follow the noun.
      const far = readWindow(masked.slice(end + noun.length + 1, end + noun.length + 31));
      if (far !== null && kind === 'money') window = far.window;
    }
  }
  const value = roundValue(low * scale);
  return {
    value: high === null ? value : [value, roundValue(high * scale)],
    kind,
    unit: name,
    window,
    noun,
    end,
    orMore,
    scale,
  };
}

function readUnitAt(text: string, at: number, joined = false): { unit: Unit; end: number } | null {
  const rest = text.slice(at, at + 40);
  const skip = SPACES.exec(rest)?.[0].length ?? 0;
  const words = rest.slice(skip);
  for (const [pattern, found] of UNITS_BY_START.get(words.charAt(0).toLowerCase()) ?? []) {
    const match = pattern.exec(words);
    if (match === null) continue;
    // A single letter apart from its number is a word of its own (`5 s` is seconds, `3 d`, `2 x` hardly ever), and `B` a name.
    if (skip > 0 && !joined && /^(?:m|d|x|X|B|us)$/.test(match[0])) return null;
    return { unit: found, end: at + skip + match[0].length };
  }
  return null;
}

/** Into one base within times and within sizes. */
function baseOf(name: string): number {
  const bases: Readonly<Record<string, number>> = { s: 1_000, KB: 1e3, MB: 1e6, GB: 1e9 };
  return bases[name] ?? 1;
}

const MAX_LABELS = 2_000;

/** What a label without a number says of the numbers under it: `Latency (ms)`, `Reads/day`, `Cost ($)`, `Requests per minute`. */
export const readLabelUnit = remember(MAX_LABELS, judgeLabelUnit);

function judgeLabelUnit(label: string): {
  readonly unit: string | null;
  readonly kind: QuantityKind | null;
  readonly window: string | null;
  readonly scale: number;
} {
  let window: string | null = null;
  for (const match of label.matchAll(
    /\/\s?|\s(?=per |por |a la |al |daily|hourly|monthly|diari|mensual)|\b(?=daily|hourly|monthly|weekly|annual|yearly)/gi,
  )) {
    const read = readWindow(
      match[0].startsWith('/') ? label.slice(match.index) : ` ${label.slice(match.index).trim()}`,
    );
    if (read !== null) {
      window = read.window;
      break;
    }
  }
  const inner =
    /[([]\s*(?:in |en )?([^)\]]{1,20})[)\]]/.exec(label)?.[1] ??
    /,\s*(?:in |en )?([\w%$µ/]{1,8})$/.exec(label)?.[1] ??
    /\b(?:in|en)\s+(ms|s|seconds|MB|KB|GB|bytes|USD|segundos|minutes|min)\s*$/i.exec(label)?.[1] ??
    /(?<=_)(ms|s|bytes|mb|kb)$/.exec(label)?.[1];
  if (inner !== undefined) {
    if (/^(?:US)?\$/.test(inner))
      return {
        unit: 'USD',
        kind: 'money',
        window: readWindow(inner.replace(/^(?:US)?\$/, ''))?.window ?? window,
        scale: 1,
      };
    const read = readUnitAt(inner, 0);
    if (read !== null) {
      const after = readWindow(inner.slice(read.end));
      return {
        unit: read.unit.unit,
        kind: read.unit.kind,
        window: read.unit.window ?? after?.window ?? window,
        scale: read.unit.scale,
      };
    }
    const bare = readWindow(`/${inner}`) ?? readWindow(` ${inner}`);
    if (bare !== null && window === null && !/^(?:s|m|d|h)$/i.test(inner)) window = bare.window;
  }
  if (/%\s*$|^%/.test(label)) return { unit: '%', kind: 'percent', window, scale: 1 };
  return { unit: null, kind: null, window, scale: 1 };
}
