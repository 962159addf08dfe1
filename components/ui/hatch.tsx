/** A 45° hatch for places without data. `id` is unique on the page; use it as `fill="url(#id)"`. */
export function HatchPattern({ id }: Readonly<{ id: string }>) {
  return (
    <pattern id={id} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line x1={0} y1={0} x2={0} y2={6} className="stroke-hatch" strokeWidth={1.2} />
    </pattern>
  );
}
