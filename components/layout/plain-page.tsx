import type { ReactNode } from 'react';
import { Logo } from './logo.tsx';

/** A page that says one thing: an address that does not exist, a fault. */
export function PlainPage({
  title,
  detail,
  children,
}: Readonly<{ title: string; detail: ReactNode; children?: ReactNode }>) {
  return (
    <main id="main" className="mx-auto flex min-h-screen max-w-160 flex-col justify-center px-4 py-16">
      <span className="mb-6 flex items-center gap-2.25 text-prose font-semibold">
        <Logo />
        Afterwatch
      </span>
      <h1 className="proportional text-hero-phone text-pretty tablet:text-hero">
        {title}
        <span className="block text-ink-3"> {detail}</span>
      </h1>
      <div className="mt-6 flex flex-wrap gap-3">{children}</div>
    </main>
  );
}
