import { z } from 'zod';
import { SOURCE_KINDS, type SourceKind } from '@/lib/core/model/target.ts';

const kindSchema = z
  .union([z.string(), z.array(z.string()).transform(([first]) => first)])
  .pipe(z.enum(SOURCE_KINDS))
  .catch('redis');

/** The kind of source that the form shows first; Redis where the address names none that there is. Never throws. */
export function readKind(params: Readonly<Record<string, string | string[] | undefined>>): SourceKind {
  return kindSchema.parse(params.kind ?? null);
}
