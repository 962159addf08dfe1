const ROWS = ['w-11/12', 'w-4/5', 'w-10/12', 'w-3/4', 'w-11/12', 'w-2/3', 'w-4/5', 'w-10/12'];

/**
 * Grey shapes where the content will stand, shown the first time only: figure, sentence and picture, or so many rows.
 */
export function Skeleton({ rows = 0 }: Readonly<{ rows?: number }>) {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      {rows > 0 ? (
        ROWS.slice(0, rows).map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: shapes without content never change places
          <div key={index} className="flex h-10 items-center border-line not-first:border-t">
            <div className={`h-2.5 rounded-tag bg-hover forced-colors:border ${width}`} />
          </div>
        ))
      ) : (
        <>
          <div className="h-5 w-2/5 rounded-tag bg-hover forced-colors:border" />
          <div className="mt-2.5 h-2.5 w-3/5 rounded-tag bg-hover forced-colors:border" />
          <div className="mt-4 h-40 rounded-control bg-hover forced-colors:border" />
        </>
      )}
    </div>
  );
}
