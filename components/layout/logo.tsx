/** The mark: an hour hand's round, not yet closed, and a pulse in it. */
export function Logo() {
  return (
    <svg width={20} height={20} viewBox="0 0 20 20" aria-hidden="true" className="block shrink-0">
      <g fill="none" stroke="currentColor" strokeLinecap="round" strokeLinejoin="round">
        <path d="M10 1.9A8.1 8.1 0 1 0 18.1 10" strokeWidth={1.7} />
        <path d="M4.9 10.6h2.4l1.7-4 2.3 6.8 1.5-2.8h2.5" strokeWidth={1.5} />
      </g>
    </svg>
  );
}
