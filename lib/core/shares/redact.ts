import type { ShareSwitch, ShareSwitches } from '../model/share.ts';
import { makeDictionary, type NameDictionary } from './name-dictionary.ts';
import { PATTERNS } from './name-patterns.ts';

/** Names that may stand in a text, by the switch that lets them leave. The forms of one thing stand together. */
export type ShareNames = Readonly<
  Record<'hosts' | 'machines' | 'regions' | 'queries' | 'people', readonly (readonly string[])[]>
>;

export interface Redactor {
  /** The text without secrets, and without the names of everything that is switched off. */
  text: (text: string) => string;
  /** Says that something was left out that is no text, such as an amount; `name` tells the same from another. */
  leave: (what: ShareSwitch, name: string) => void;
  /** How many different things of each kind were left out so far; secrets by how often they stood there. */
  leftOut: () => { what: ShareSwitch | 'secrets'; count: number }[];
}

/** A place in a text that names something. */
interface Span {
  start: number;
  end: number;
  what: ShareSwitch;
  key: string;
}

/** Control characters, those that turn the direction of a line, and those that nobody sees; line ends and tabs stay. */
const CONTROL = /(?![\n\t])\p{Cc}|[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

const NAMED = ['queries', 'hosts', 'machines', 'regions', 'people'] as const satisfies readonly ShareSwitch[];
/** Case tells a first name from a month or a verb. */
const BY_CASE: ReadonlySet<ShareSwitch> = new Set(['people']);

/** Words that stand for what was taken out; numbered where several things must be told apart. */
const WORDS: Readonly<Record<ShareSwitch, (n: number) => string>> = {
  hosts: (n) => `host ${n}`,
  machines: (n) => `machine ${n}`,
  regions: (n) => `region ${n}`,
  queries: () => 'a statement',
  people: () => 'a person',
  money: () => 'an amount',
};

/**
 * Makes what takes secrets and switched-off names out of texts: the same thing gets the same word everywhere, numbered
 * in the order of first sight. `clean` takes secrets out and says how many. Linear in the text for a given dictionary.
 */
export function makeRedactor(
  names: ShareNames,
  switches: ShareSwitches,
  clean: (text: string) => { text: string; count: number },
): Redactor {
  const { find, keyOf } = makeFinder(names, switches);
  const seen = new Map<ShareSwitch, Map<string, number>>();
  let secrets = 0;
  const numberOf = (what: ShareSwitch, key: string): number => {
    const known = seen.get(what) ?? new Map<string, number>();
    seen.set(what, known);
    const n = known.get(key) ?? known.size + 1;
    known.set(key, n);
    return n;
  };
  return {
    text: (raw) => {
      const cleaned = clean(raw.normalize('NFC').replace(CONTROL, ''));
      secrets += cleaned.count;
      return replaceSpans(cleaned.text, joinSpans(find(cleaned.text)), ({ what, key }) =>
        WORDS[what](numberOf(what, key)),
      );
    },
    leave: (what, name) => void numberOf(what, keyOf(what, name)),
    leftOut: () => [
      ...[...seen].map(([what, known]) => ({ what, count: known.size })),
      ...(secrets > 0 ? [{ what: 'secrets' as const, count: secrets }] : []),
    ],
  };
}

/** Places that overlap are one, told as the longest of them: of an address that holds a name nothing is left. */
function joinSpans(spans: readonly Span[]): Span[] {
  const all = spans.toSorted((a, b) => a.start - b.start);
  const joined: { start: number; end: number; longest: Span }[] = [];
  for (const span of all) {
    const last = joined.at(-1);
    if (last === undefined || span.start >= last.end) {
      joined.push({ start: span.start, end: span.end, longest: span });
      continue;
    }
    last.end = Math.max(last.end, span.end);
    if (lengthOf(span) > lengthOf(last.longest)) last.longest = span;
  }
  return joined.map(({ start, end, longest }) => ({ ...longest, start, end }));
}

function lengthOf({ start, end }: Span): number {
  return end - start;
}

function replaceSpans(text: string, spans: readonly Span[], wordOf: (span: Span) => string): string {
  let clean = '';
  let from = 0;
  for (const span of spans) {
    clean += text.slice(from, span.start) + wordOf(span);
    from = span.end;
  }
  return clean + text.slice(from);
}

/** What finds everything that a text names and that is switched off; `keyOf` tells things apart. */
function makeFinder(names: ShareNames, switches: ShareSwitches) {
  const known = new Map<ShareSwitch, NameDictionary>(
    NAMED.map((what) => [what, makeDictionary(names[what], BY_CASE.has(what))]),
  );
  const keyOf = (what: ShareSwitch, found: string): string => {
    const name = what === 'hosts' ? hostOf(found) : found;
    const thing = known.get(what)?.thingOf(found) ?? known.get(what)?.thingOf(name);
    return thing === undefined ? name.toLowerCase() : `#${thing}`;
  };
  const dictionaries = NAMED.filter((what) => !switches[what]);
  const patterns = PATTERNS.filter(({ what }) => !switches[what]);
  const find = (text: string): Span[] => [
    ...dictionaries.flatMap((what) =>
      (known.get(what)?.find(text) ?? []).map(
        ({ thing, start, end }): Span => ({ what, key: `#${thing}`, start, end }),
      ),
    ),
    ...patterns.flatMap(({ what, pattern }) =>
      [...text.matchAll(pattern)].map(
        ({ 0: found, index: start }): Span => ({
          ...{ what, key: keyOf(what, found) },
          ...{ start, end: start + found.length },
        }),
      ),
    ),
  ];
  return { find, keyOf };
}

/** Of an address its host, without scheme, credentials, port and path. */
function hostOf(address: string): string {
  const [rest = ''] = address
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^/?#]*@/, '')
    .split(/[/?#]/);
  return rest.replace(/^([^:]*):\d{1,5}$/, '$1').replace(/^\[(.*)\](?::\d{1,5})?$/, '$1');
}
