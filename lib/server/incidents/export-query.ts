import 'server-only';
import { z } from 'zod';

/** In which form an incident is exported. */
export const exportQuerySchema = z.object({ format: z.enum(['md', 'json', 'csv']).default('md') });
