import type { ReactNode } from 'react';

/** A hairline and the panels under it. */
export function Section({ children }: Readonly<{ children: ReactNode }>) {
  return <div className="mt-7 border-t border-line pt-4 tablet:mt-9 tablet:pt-4.5">{children}</div>;
}

/** Two panels side by side with a hairline between them; one after the other where it is narrow. */
export function TwoPanels({ first, second }: Readonly<{ first: ReactNode; second: ReactNode }>) {
  return (
    <div className="mt-7 grid grid-cols-1 gap-x-12 border-t border-line pt-4 tablet:mt-9 tablet:pt-4.5 duo:grid-cols-2 max-desk:gap-x-8">
      <div className="min-w-0">{first}</div>
      <div className="relative min-w-0 border-line max-duo:mt-7 max-duo:border-t max-duo:pt-4 duo:before:absolute duo:before:inset-y-0 duo:before:-left-4 duo:before:border-l duo:before:border-line desk:before:-left-6">
        {second}
      </div>
    </div>
  );
}
