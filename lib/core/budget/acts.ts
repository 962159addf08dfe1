/** What we sent to a source, by act. Whole numbers when counted; fractions where they are a mean. */
export interface Acts {
  commands: number;
  connects: number;
  queries: number;
  requests: number;
}

/** The count that an act of each kind goes to. */
export const ACT_FIELDS = {
  command: 'commands',
  connect: 'connects',
  query: 'queries',
  request: 'requests',
} as const satisfies Record<string, keyof Acts>;

export const NO_ACTS: Readonly<Acts> = { commands: 0, connects: 0, queries: 0, requests: 0 };

/** Both together. */
export function addActs(a: Acts, b: Acts): Acts {
  return {
    commands: a.commands + b.commands,
    connects: a.connects + b.connects,
    queries: a.queries + b.queries,
    requests: a.requests + b.requests,
  };
}

/** Every count `times` as high. */
export function scaleActs(acts: Acts, times: number): Acts {
  return {
    commands: acts.commands * times,
    connects: acts.connects * times,
    queries: acts.queries * times,
    requests: acts.requests * times,
  };
}

/** What a provider may bill and a budget is counted in: commands, and connects since failed ones may count too. */
export function contactsOf({ commands, connects }: Pick<Acts, 'commands' | 'connects'>): number {
  return commands + connects;
}

/** Mean of some visits; null of none. */
export function meanActs(visits: readonly Acts[]): Acts | null {
  if (visits.length === 0) return null;
  return scaleActs(visits.reduce(addActs, NO_ACTS), 1 / visits.length);
}
