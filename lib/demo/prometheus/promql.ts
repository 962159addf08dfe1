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
    return (series, atMs) => {
      const found: Vector = [];
      for (const part of parts) {
        // As in the real one, names do not count when label sets are compared.
        const known = new Set(found.map(({ labels }) => keyOf(labels, true)));
        found.push(...part(series, atMs).filter(({ labels }) => !known.has(keyOf(labels, true))));
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
        return aggregation(take());
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
        return (series, atMs) =>
          inner(series, atMs).map((one) => ({ ...one, labels: { ...one.labels, [label]: value } }));
      }
      default:
        return selector();
    }
  }

  function aggregation(how: string): Evaluate {
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
    return (series, atMs) => aggregate(how, labels, inner(series, atMs));
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
    return (series) => series.filter(({ labels }) => tests.every((test) => test(labels)));
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

function aggregate(how: string, by: readonly string[], vector: Vector): Vector {
  const groups = new Map<string, { labels: Record<string, string>; values: number[] }>();
  for (const { labels, value } of vector) {
    const kept = Object.fromEntries(
      by.flatMap((label) => (labels[label] ? [[label, labels[label]] as const] : [])),
    );
    const group = groups.get(keyOf(kept, false)) ?? { labels: kept, values: [] };
    groups.set(keyOf(kept, false), group);
    group.values.push(value);
  }
  return [...groups.values()].map(({ labels, values }) => ({ labels, value: combine(how, values) }));
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
