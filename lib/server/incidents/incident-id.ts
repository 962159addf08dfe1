import 'server-only';
import { randomInt } from 'node:crypto';

/** Letters and digits that are not taken for each other. */
const ID_SIGNS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** `20260409T175452-k3v9…`: in order of time, and no other can be guessed from it. */
export function makeIncidentId(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '')}-${randomTail(12)}`;
}

/** So many signs by chance, 5 bits each. */
export function randomTail(length: number): string {
  return Array.from({ length }, () => ID_SIGNS[randomInt(ID_SIGNS.length)]).join('');
}
