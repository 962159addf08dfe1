/** A series as the world has it; `__name__` is among its labels. */
export interface WorldSeries {
  labels: Readonly<Record<string, string>>;
  value: number;
  /** When it was scraped; the moment that was asked for when left out. */
  atMs?: number;
}

/** A query that this small engine does not know, in the words of the real one. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

type Vector = WorldSeries[];
type Evaluate = (series: readonly WorldSeries[], atMs: number) => Vector;

const TOKENS = /\s*(?:("(?:[^"\\]|\\.)*")|(=~|!~|!=|[=(){},])|([A-Za-z_:][\w:]*))/y;

/**
 * A small part of PromQL: selectors, `sum`, `max`, `min` and `count` by labels, `timestamp`, `label_replace` with a constant, and
 * `or`. Throws `QueryError` for anything else.
 */
export function compileQuery(text: string): Evaluate {
  const tokens = tokenize(text);
  let next = 0;
  const peek = () => tokens[next];
  const take = (wanted?: string): string => {
    const token = tokens[next];
    if (token === undefined || (wanted !== undefined && token !== wanted)) {
      throw new QueryError(
        `parse error: unexpected ${token ?? 'end of input'}${wanted ? `, expected ${wanted}` : ''}`,
      );
    }
    next += 1;
    return token;
  };
  const text_ = () => JSON.parse(take()) as string;

  function union(): Evaluate {
    const parts = [term()];
    while (peek() === 'or') {
      take('or');
      parts.push(term());
    }
    if (parts.length === 1 && parts[0] !== undefined) return parts[0];
    // As in the real one, names do not count when label sets are compared.
    const nameless = remember((labels) => keyOf(labels, true));
    return (series, atMs) => {
      const found: Vector = [];
      for (const part of parts) {
        const known = new Set(found.map(({ labels }) => nameless(labels)));
        found.push(...part(series, atMs).filter(({ labels }) => !known.has(nameless(labels))));
      }
      return found;
    };
  }

  function term(): Evaluate {
    const token = peek();
    switch (token) {
      case 'sum':
      case 'max':
      case 'min':
      case 'count':
        return group(take());
      case 'timestamp': {
        take();
        take('(');
        const inner = selector();
        take(')');
        return (series, atMs) =>
          inner(series, atMs).map((one) => ({
            labels: without(one.labels, '__name__'),
            value: (one.atMs ?? atMs) / 1000,
          }));
      }
      case 'label_replace': {
        take();
        take('(');
        const inner = union();
        take(',');
        const label = text_();
        take(',');
        const value = text_();
        for (let i = 0; i < 2; i++) {
          take(',');
          text_();
        }
        take(')');
        const replaced = remember((labels) => ({ ...labels, [label]: value }));
        return (series, atMs) => inner(series, atMs).map((one) => ({ ...one, labels: replaced(one.labels) }));
      }
      default:
        return selector();
    }
  }

  function group(how: string): Evaluate {
    take('by');
    take('(');
    const labels: string[] = [];
    while (peek() !== ')') {
      labels.push(take());
      if (peek() === ',') take(',');
    }
    take(')');
    take('(');
    const inner = union();
    take(')');
    const combined = aggregation(how, labels);
    return (series, atMs) => combined(inner(series, atMs));
  }

  function selector(): Evaluate {
    const tests: ((labels: WorldSeries['labels']) => boolean)[] = [];
    const token = peek();
    if (token !== '{') {
      const name = take();
      tests.push((labels) => labels.__name__ === name);
    }
    if (peek() === '{') {
      take('{');
      while (peek() !== '}') {
        tests.push(matcher(take(), take(), text_()));
        if (peek() === ',') take(',');
      }
      take('}');
    }
    const fits = remember((labels) => tests.every((test) => test(labels)));
    return (series) => series.filter(({ labels }) => fits(labels));
  }

  const whole = union();
  if (next < tokens.length) throw new QueryError(`parse error: unexpected ${peek()}`);
  return whole;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.trimEnd().length) {
    const match = TOKENS.exec(text);
    const token = match?.[1] ?? match?.[2] ?? match?.[3];
    if (token === undefined) throw new QueryError('parse error: the demo knows selectors and sums only');
    tokens.push(token);
  }
  return tokens;
}

function matcher(label: string, how: string, value: string): (labels: WorldSeries['labels']) => boolean {
  const pattern = how.endsWith('~') ? new RegExp(`^(?:${value})$`) : null;
  return (labels) => {
    const own = labels[label] ?? '';
    const fits = pattern === null ? own === value : pattern.test(own);
    return how.startsWith('!') ? !fits : fits;
  };
}

/** Groups by labels. Over a range the same label sets come again and again: each is worked out once. */
function aggregation(how: string, by: readonly string[]): (vector: Vector) => Vector {
  const known = new Map<string, WorldSeries['labels']>();
  const keptOf = remember((labels): WorldSeries['labels'] => {
    const kept = Object.fromEntries(
      by.flatMap((label) => (labels[label] ? [[label, labels[label]] as const] : [])),
    );
    const key = keyOf(kept, false);
    const before = known.get(key) ?? kept;
    known.set(key, before);
    return before;
  });
  return (vector) => {
    const groups = new Map<WorldSeries['labels'], number[]>();
    for (const { labels, value } of vector) {
      const kept = keptOf(labels);
      const values = groups.get(kept);
      if (values === undefined) groups.set(kept, [value]);
      else values.push(value);
    }
    return [...groups].map(([labels, values]) => ({ labels, value: combine(how, values) }));
  };
}

/** Remembers by label set; the same one is the same object, as long as its world keeps it. */
function remember<T>(make: (labels: WorldSeries['labels']) => T): (labels: WorldSeries['labels']) => T {
  const known = new WeakMap<WorldSeries['labels'], { value: T }>();
  return (labels) => {
    const before = known.get(labels);
    if (before !== undefined) return before.value;
    const value = make(labels);
    known.set(labels, { value });
    return value;
  };
}

function combine(how: string, values: readonly number[]): number {
  switch (how) {
    case 'sum':
      return values.reduce((a, b) => a + b, 0);
    case 'max':
      return Math.max(...values);
    case 'min':
      return Math.min(...values);
    default:
      return values.length;
  }
}

function keyOf(labels: WorldSeries['labels'], nameless: boolean): string {
  const entries = Object.entries(labels).filter(([name]) => !(nameless && name === '__name__'));
  return JSON.stringify(entries.sort());
}

function without(labels: WorldSeries['labels'], name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([one]) => one !== name));
}
