/** What a rule said of one watch. */
export interface Alarms {
  /** Alarms of a quiet watch of 24 h: stretches that are 15 min apart. */
  falseOnes: number;
  /** Minutes from the start of each trouble to its alarm; null where there was none. */
  delays: (number | null)[];
}

/** An alarm is over when it was quiet for so long, as ours is. */
const CLEAR_MINUTES = 15;

/** How many alarms a row of buckets makes. */
export function episodesOf(stands: readonly boolean[], bucketMinutes: number): number {
  let episodes = 0;
  let quiet = CLEAR_MINUTES;
  for (const isStanding of stands) {
    if (isStanding && quiet >= CLEAR_MINUTES) episodes += 1;
    quiet = isStanding ? 0 : quiet + bucketMinutes;
  }
  return episodes;
}

/** Minutes from bucket `from` to the end of the first one that stands; null where none does. */
export function delayOf(stands: readonly boolean[], from: number, bucketMinutes: number): number | null {
  const at = stands.indexOf(true, from);
  return at < 0 ? null : (at - from + 1) * bucketMinutes;
}
