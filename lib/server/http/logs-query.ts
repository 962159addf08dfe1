import 'server-only';
import { z } from 'zod';

const part = z.string().min(1).max(64);
/** Which log source is meant. */
export const logsQuerySchema = z.object({
  app: part.optional(),
  environment: part.optional(),
  source: part.optional(),
});
