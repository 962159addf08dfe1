import 'server-only';

export interface SelectorParts {
  /** Metric names, any of them. */
  names: readonly string[];
  /** Matchers as they stand between the braces, such as `app="shop"`. */
  matchers?: readonly string[];
}

/** `{__name__=~"a|b",app="shop"}`. Names are those of metrics, so they hold nothing that a pattern would read. */
export function selector({ names, matchers = [] }: SelectorParts): string {
  const [only] = names;
  const byName =
    names.length === 1 && only !== undefined
      ? `__name__=${quoteText(only)}`
      : `__name__=~${quoteText(names.join('|'))}`;
  return `{${[byName, ...matchers].join(',')}}`;
}

/** `sum by (__name__, a, b) (…)`: the name stays, so that one request brings many metrics. */
export function aggregate(how: 'sum' | 'max', labels: readonly string[], expression: string): string {
  return `${how} by (${['__name__', ...labels].join(', ')}) (${expression})`;
}

/** Text as a PromQL string. */
export function quoteText(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}
