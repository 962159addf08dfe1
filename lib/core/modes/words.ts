/** Per minute, with as many digits as help: `310`, `0.4`. */
export function perMinute(perSecond: number): string {
  return rateText(perSecond * 60);
}

/** A rate as it stands in a sentence: whole from 10 on, else one digit after the point. */
export function rateText(value: number): string {
  return value >= 10 ? Math.round(value).toLocaleString('en-US') : String(Math.round(value * 10) / 10);
}

/** `2 machines say`, `1 machine says`. */
export function machinesSay(count: number, verb = 'say'): string {
  return count === 1 ? `1 machine ${verb}s` : `${count} machines ${verb}`;
}

const MOST_NAMES = 3;

/** `a, b, c and 4 more`. */
export function nameList(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length <= MOST_NAMES ? shown : `${shown} and ${names.length - MOST_NAMES} more`;
}
