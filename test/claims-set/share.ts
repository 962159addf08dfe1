/** What was asked for and how much of it came. */
export interface Share {
  readonly wanted: number;
  readonly right: number;
}

/** How many of the results are right. */
export function shareOf(results: readonly boolean[]): Share {
  return { wanted: results.length, right: results.filter((isRight) => isRight).length };
}
