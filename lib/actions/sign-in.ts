'use server';
import { cookies } from 'next/headers';
import { z } from 'zod';
import { toLocalPath } from '@/lib/core/security/local-path.ts';
import { cookieOptions } from '@/lib/server/auth/cookies.ts';
import type { SignIn } from '@/lib/server/auth/index.ts';
import { KnownError } from '@/lib/server/http/guards.ts';
import { action } from './action.ts';

const inputSchema = z.strictObject({
  password: z.string().min(1).max(1024),
  /** Where to go on; anything but a path of this site becomes `/`. */
  next: z.string().max(2048),
});

/** Logs in; gives the path to go to. The cookies are set on the answer. */
export const signIn = action(
  inputSchema,
  async ({ asker, auth }, { password, next }): Promise<{ next: string }> => {
    const result = await auth.signIn(asker, password);
    if (!result.ok) throw refusal(result);
    const jar = await cookies();
    for (const change of result.cookies) jar.set(change.name, change.value, cookieOptions(change));
    return { next: toLocalPath(next) };
  },
  { access: 'public', name: 'signIn' },
);

function refusal(failed: Extract<SignIn, { ok: false }>): KnownError {
  switch (failed.reason) {
    case 'wrong':
      return new KnownError('not_signed_in', 'That is not the password of this server.');
    case 'no_password':
      return new KnownError('forbidden', 'This server has no login: AFTERWATCH_PASSWORD is not set.');
    case 'busy':
      return new KnownError(
        'too_many',
        'Many people are logging in at this moment. Try again in a few seconds.',
      );
    case 'too_many':
      return new KnownError(
        'too_many',
        `Too many wrong passwords. Try again ${inMinutes(failed.retryAfterSeconds)}.`,
      );
    default:
      return failed satisfies never;
  }
}

function inMinutes(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? 'in a minute' : `in ${minutes} minutes`;
}
