'use client';

/** What was just done, said to a screen reader and shown for a while at the bottom. Empty text: nothing. */
export function Toast({ text }: Readonly<{ text: string }>) {
  return (
    <div
      role="status"
      className="no-print pointer-events-none fixed inset-x-0 bottom-20 z-30 flex justify-center px-4 tablet:bottom-8"
    >
      {text !== '' && (
        <p
          key={text}
          className="fade-once rounded-control bg-primary px-3.5 py-2 font-medium text-on-primary shadow-float"
        >
          {text}
        </p>
      )}
    </div>
  );
}
