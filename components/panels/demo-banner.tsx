import type { ReactNode } from 'react';

/** Says that nothing here is real, and how to watch something that is. `action` is what can be done with it. */
export function DemoBanner({ action }: Readonly<{ action?: ReactNode }>) {
  return (
    <aside
      aria-label="Demo"
      className="mb-6 flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-control bg-primary px-4 py-2.5 text-on-primary"
    >
      <strong className="font-medium">Demo fleet</strong>
      <span className="text-on-primary-2">Invented data, 15 days of it. Nothing leaves this machine.</span>
      <span className="text-on-primary-2 tablet:ml-auto">
        Your own, by <code className="font-mono text-mono text-on-primary">REDIS_URL</code>,{' '}
        <code className="font-mono text-mono text-on-primary">DATABASE_URL</code> or a file:{' '}
        <a href="/settings#connect" className="text-on-primary underline underline-offset-2">
          connect a source
        </a>
      </span>
      {action}
    </aside>
  );
}
