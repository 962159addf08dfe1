import 'server-only';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a browser is remembered after a login. */
export const DEVICE_SECONDS = 180 * 24 * 3600;

/** A mark for a browser that has logged in: a random id, signed so that nobody can make one up. */
export function makeDevice(key: Buffer): string {
  const id = randomBytes(16).toString('base64url');
  return `${id}.${sign(id, key)}`;
}

/** The id inside a mark; null for none, or one that we did not sign under the present password. */
export function readDevice(mark: string | undefined, key: Buffer): string | null {
  const [id, signature, ...rest] = (mark ?? '').split('.');
  if (id === undefined || signature === undefined || rest.length > 0) return null;
  const expected = Buffer.from(sign(id, key));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? id : null;
}

function sign(id: string, key: Buffer): string {
  return createHmac('sha256', key).update(id).digest('base64url');
}
