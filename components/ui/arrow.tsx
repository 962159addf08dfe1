/** The arrow of a change; read aloud as "to". */
export function Arrow() {
  return (
    <>
      <span aria-hidden="true" className="px-0.5 text-ink-4">
        →
      </span>
      <span className="sr-only"> to </span>
    </>
  );
}
