import type { LayerProps } from './layer-props.ts';

/** Goals from their deploy on, with end ticks, and dotted the levels that money depends on. */
export function LevelsLayer({ geometry }: Readonly<LayerProps>) {
  return (
    <>
      {geometry.plans.map(
        ({ y, text }) =>
          y !== null && (
            <line
              key={text}
              x1={0}
              x2="100%"
              y1={y}
              y2={y}
              strokeDasharray="1.5 3"
              strokeLinecap="round"
              className="stroke-ink-3"
            />
          ),
      )}
      {geometry.goals.map(
        ({ y, fromX, text }) =>
          y !== null && (
            <g key={text} className="stroke-ink-2">
              <line x1={`${fromX}%`} x2="100%" y1={y} y2={y} />
              <line x1={`${fromX}%`} x2={`${fromX}%`} y1={y - 3} y2={y + 3} />
              <line x1="100%" x2="100%" y1={y - 3.5} y2={y + 3.5} />
            </g>
          ),
      )}
    </>
  );
}
