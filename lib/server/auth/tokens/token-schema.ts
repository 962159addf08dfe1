import 'server-only';
import { z } from 'zod';
import { TOKEN_SCOPES } from '@/lib/core/model/token.ts';

const name = z
  .string()
  .trim()
  .min(1, 'a name was expected')
  .max(64, 'at most 64 characters were expected')
  .regex(/^[^\p{C}]*$/u, 'a name without control characters was expected');

/** What is asked for when a hook is made. */
export const newHookSchema = z.strictObject({ name });

/** What is asked for when a token is made. */
export const newTokenSchema = z.strictObject({
  name,
  scopes: z
    .array(z.enum(TOKEN_SCOPES))
    .min(1, 'at least one scope was expected')
    .max(TOKEN_SCOPES.length)
    .transform((scopes) => TOKEN_SCOPES.filter((scope) => scopes.includes(scope))),
});
export type NewToken = z.output<typeof newTokenSchema>;

/** The id of a token, as lists show it. */
export const tokenIdSchema = z
  .string()
  .regex(/^[0-9a-f]{12}$/, 'the id of a token, as the list shows it, was expected');
