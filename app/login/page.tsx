import type { Metadata, Route } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { Logo } from '@/components/layout/logo.tsx';
import { toLocalPath } from '@/lib/core/security/local-path.ts';
import type { Access } from '@/lib/server/auth/index.ts';
import { readAccess } from '@/lib/server/auth/require-reader.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { LogOut } from './log-out.tsx';
import { LoginForm } from './login-form.tsx';

export const metadata: Metadata = {
  title: 'Log in',
  robots: { index: false, follow: false },
};

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where a person proves that they may read, or stops. Whoever may already and was going somewhere is sent on. */
export default async function LoginPage({ searchParams }: Readonly<Props>) {
  const query = await searchParams;
  const next = toLocalPath(typeof query.next === 'string' ? query.next : null);
  const access = await readAccess();
  const stays = access.ok && access.grant.kind === 'session' && query.next === undefined;
  // Which routes exist is known only for literals; this one was checked to be a path of ours.
  if (access.ok && !stays) redirect(next as Route);
  // A link in a chat leads here without the strict cookie; asked for once more by our own page, it is sent.
  const bounce = (await headers()).get('sec-fetch-site') === 'cross-site' && query.again === undefined;
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[360px] flex-col justify-center px-4 py-12 tablet:px-0">
      {bounce ? (
        <meta httpEquiv="refresh" content={`0;url=/login?again=1&next=${encodeURIComponent(next)}`} />
      ) : null}
      <div className="flex items-center gap-2 text-section">
        <Logo />
        Afterwatch
      </div>
      <Body access={access} next={next} />
    </main>
  );
}

function Body({ access, next }: Readonly<{ access: Access; next: string }>) {
  if (access.ok) {
    return (
      <>
        <h1 className="mt-6 mb-4 text-hero-phone">You are logged in</h1>
        <LogOut />
      </>
    );
  }
  if (getRuntime().auth.passwordSet) return <LoginForm next={next} ended={access.refusal.ended} />;
  return (
    <>
      <h1 className="mt-6 text-hero-phone">No login here</h1>
      <p className="mt-2 text-prose text-ink-2">{access.refusal.message}</p>
    </>
  );
}
