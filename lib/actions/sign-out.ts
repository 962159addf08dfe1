'use server';
import { cookies } from 'next/headers';
import { z } from 'zod';
import { cookieOptions } from '@/lib/server/auth/cookies.ts';
import { action } from './action.ts';

/** Logs out: the session ends on the server at once, its cookie goes. Also for a session that has ended already. */
export const signOut = action(
  z.strictObject({}),
  async ({ asker, auth }): Promise<{ next: string }> => {
    const jar = await cookies();
    for (const change of await auth.signOut(asker)) jar.set(change.name, change.value, cookieOptions(change));
    return { next: '/login' };
  },
  { access: 'public', name: 'signOut' },
);
