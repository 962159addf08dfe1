import 'server-only';
import { RangeDecoder, RangeEncoder } from './range-coder.ts';

/** A packed row whose checksum does not fit: the file was changed from outside or the disk lies. */
export class DamagedRowError extends Error {
  override readonly name = 'DamagedRowError';
}

const SEAL_BYTES = 2;

/** What `write` puts into a new encoder, behind a checksum. */
export function seal(write: (encoder: RangeEncoder) => void): Uint8Array {
  const encoder = new RangeEncoder();
  write(encoder);
  return sealBytes(encoder.finish());
}

/** The decoder of a sealed row. Throws `DamagedRowError`. */
export function unseal(sealed: Uint8Array): RangeDecoder {
  return new RangeDecoder(unsealBytes(sealed));
}

/**
 * Texts are kept as sealed bytes too: the driver ends the whole process when a text column of a damaged file is not
 * UTF-8 (libsql 0.5.29).
 */
export function sealText(text: string): Uint8Array {
  return sealBytes(new TextEncoder().encode(text));
}

export function unsealText(sealed: Uint8Array): string {
  return new TextDecoder().decode(unsealBytes(sealed));
}

/** Puts a checksum before the bytes. */
export function sealBytes(body: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(SEAL_BYTES + body.length);
  const sum = checksum(body);
  sealed[0] = sum >>> 8;
  sealed[1] = sum & 0xff;
  sealed.set(body, SEAL_BYTES);
  return sealed;
}

/** The bytes behind their checksum, not copied. Throws `DamagedRowError`. */
export function unsealBytes(sealed: Uint8Array): Uint8Array {
  const body = sealed.subarray(SEAL_BYTES);
  const sum = (sealed[0] ?? 0) * 256 + (sealed[1] ?? 0);
  if (sealed.length < SEAL_BYTES || checksum(body) !== sum) {
    throw new DamagedRowError(
      'store: a packed row does not match its checksum: the store file was changed or the disk is failing; restore a backup',
    );
  }
  return body;
}

/** Fletcher's sum over bytes, started off zero so that an empty row of zeros is no valid one. */
function checksum(bytes: Uint8Array): number {
  let low = 0x5a;
  let high = bytes.length % 255;
  for (const byte of bytes) {
    low = (low + byte) % 255;
    high = (high + low) % 255;
  }
  return high * 256 + low;
}
