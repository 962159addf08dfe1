import 'server-only';
import { z } from 'zod';
import { newHookSchema } from '../auth/tokens/token-schema.ts';

const part = z.string().min(1).max(64).optional();

/** What is asked for when a badge is made; app and environment where several are watched. */
export const newBadgeSchema = z.strictObject({
  name: newHookSchema.shape.name,
  app: part,
  environment: part,
});
