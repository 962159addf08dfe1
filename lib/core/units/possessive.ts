/** `Upstash’s`, `Prometheus’`: as it is said of a name. */
export function possessive(name: string): string {
  return /s$/i.test(name) ? `${name}’` : `${name}’s`;
}
