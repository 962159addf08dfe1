import type { ReactNode } from 'react';

/** No incident yet: the three ways in which one is opened. `action` opens one by hand. */
export function IncidentEmpty({ action }: Readonly<{ action: ReactNode }>) {
  return (
    <section
      aria-labelledby="no-incidents"
      className="mt-7 rounded-box border border-dashed border-line-strong px-5 py-5 tablet:px-7 tablet:py-6.5"
    >
      <h2 id="no-incidents" className="text-section">
        Three ways to open one
      </h2>
      <p className="text-ink-3">
        From then on deploys, modes, alerts and verdicts write themselves into its timeline.
      </p>
      <div className="mt-4 grid gap-x-7 gap-y-5 duo:grid-cols-3">
        <Way title="From an alert">
          Open it on{' '}
          <a href="/alerts" className="underline underline-offset-2">
            Alerts
          </a>{' '}
          and press “Open an incident”.
        </Way>
        <Way title="From a bad verdict">
          On the page of a{' '}
          <a href="/deploys" className="underline underline-offset-2">
            deploy
          </a>{' '}
          that fails or can’t be told.
        </Way>
        <Way title="By hand" action={action}>
          Give it a title and say when it began.
        </Way>
      </div>
    </section>
  );
}

function Way({
  title,
  action,
  children,
}: Readonly<{ title: string; action?: ReactNode; children: ReactNode }>) {
  return (
    <div className="min-w-0 border-t border-line-strong pt-3">
      <h3 className="font-medium">{title}</h3>
      <p className="text-ink-3">{children}</p>
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}
