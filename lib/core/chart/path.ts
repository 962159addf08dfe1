/** A place in the plot: `x` in thousandths of its width, `y` in px from the top. */
export interface Place {
  x: number;
  y: number;
}

/** Two decimals are a tenth of a pixel on the widest plot; more only makes the page heavier. */
function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Splits places at nulls: a gap in the data is a gap in the line. */
export function segments(places: readonly (Place | null)[]): Place[][] {
  const all: Place[][] = [];
  let current: Place[] = [];
  for (const place of places) {
    if (place !== null) {
      current.push(place);
    } else if (current.length > 0) {
      all.push(current);
      current = [];
    }
  }
  if (current.length > 0) all.push(current);
  return all;
}

/** `d` of straight lines through each segment; a lone place becomes a dot by its round cap. */
export function linePath(parts: readonly (readonly Place[])[]): string {
  return parts
    .map((part) => {
      const steps = part.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`);
      return part.length === 1 ? `${steps.join('')}h0` : steps.join('');
    })
    .join('');
}

/** `d` of the areas between each segment and `baseY`; a lone place has none. */
export function areaPath(parts: readonly (readonly Place[])[], baseY: number): string {
  return parts
    .map((part) => {
      const start = part[0];
      const end = part.at(-1);
      if (!start || !end || part.length < 2) return '';
      const steps = part.map(({ x, y }) => `L${short(x)} ${short(y)}`).join('');
      return `M${short(start.x)} ${short(baseY)}${steps}L${short(end.x)} ${short(baseY)}Z`;
    })
    .join('');
}

export interface Bar {
  fromX: number;
  toX: number;
  y: number;
}

/** `d` of upright bars standing on `baseY`. */
export function barPath(bars: readonly Bar[], baseY: number): string {
  return bars
    .map(({ fromX, toX, y }) => `M${short(fromX)} ${short(baseY)}V${short(y)}H${short(toX)}V${short(baseY)}Z`)
    .join('');
}
