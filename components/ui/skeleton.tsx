/** Grey shapes where figure, sentence and picture will stand; shown the first time only. */
export function Skeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      <div className="h-5 w-2/5 rounded-tag bg-hover" />
      <div className="mt-2.5 h-2.5 w-3/5 rounded-tag bg-hover" />
      <div className="mt-4 h-40 rounded-control bg-hover" />
    </div>
  );
}
