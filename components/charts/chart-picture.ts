'use client';

/** What stands around the plot in a saved picture. */
export interface PictureWords {
  title: string;
  /** Unit, window and range. */
  axes: string;
  /** What the picture shows. */
  sentence: string | null;
  /** `colour` is a token of the theme. */
  legend: readonly { label: string; colour: string }[];
  /** Where it comes from. */
  source: string;
}

const SCALE = 2;
const SIDE_PX = 24;
const LINE_PX = 18;
/** What the stylesheet says of an SVG element; an image on its own has no stylesheet. */
const RESOLVED = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray'],
  ...['stroke-linecap', 'stroke-linejoin', 'opacity', 'paint-order', 'vector-effect', 'shape-rendering'],
  ...['font-family', 'font-size', 'font-weight', 'font-variant-numeric', 'text-anchor', 'visibility'],
] as const;

/** The picture of a chart as it stands on the page, with its words around it, as PNG at twice its size. */
export async function pictureOf(plot: SVGSVGElement, words: PictureWords): Promise<Blob> {
  const { xml, width, height } = composePicture(plot, words);
  const image = new Image();
  // Not an object URL: the content policy lets images come from data: only.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(xml)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser has no canvas');
  context.scale(SCALE, SCALE);
  context.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the browser made no picture')) : resolve(blob)),
      'image/png',
    );
  });
}

/** One SVG that needs nothing from the page: plot, title, legend and source, colours resolved. */
export function composePicture(
  plot: SVGSVGElement,
  words: PictureWords,
): { xml: string; width: number; height: number } {
  const box = plot.getBoundingClientRect();
  const frame = frameOf(plot, box);
  const style = getComputedStyle(plot);
  const colourOf = readColours();
  const [strong, quiet] = [colourOf('ink'), colourOf('ink-3')];
  const head = [
    { text: words.title, size: 15, weight: 600, fill: strong },
    { text: words.axes, size: 12, weight: 400, fill: quiet },
    ...wrap(words.sentence ?? '', Math.floor(frame.width / 6.2)).map((text) => ({
      text,
      size: 12,
      weight: 400,
      fill: quiet,
    })),
  ];
  const plotY = SIDE_PX + head.length * LINE_PX + 10;
  const footY = plotY + box.height + LINE_PX + 6;
  const width = Math.ceil(frame.width + 2 * SIDE_PX);
  const height = Math.ceil(footY + (words.legend.length > 0 ? LINE_PX : 0) + SIDE_PX - 8);

  const picture = make('svg', {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    'font-family': style.fontFamily,
  });
  picture.append(make('rect', { width, height, fill: colourOf('canvas') }));
  for (const [index, { text, size, weight, fill }] of head.entries()) {
    picture.append(
      makeText(text, {
        x: SIDE_PX,
        y: SIDE_PX + 12 + index * LINE_PX,
        'font-size': size,
        'font-weight': weight,
        fill,
      }),
    );
  }
  const drawn = cloneResolved(plot);
  for (const [name, value] of Object.entries({
    x: SIDE_PX + frame.left,
    y: plotY,
    width: box.width,
    height: box.height,
    overflow: 'visible',
  }))
    drawn.setAttribute(name, String(value));
  picture.append(drawn);
  let x = SIDE_PX;
  for (const { label, colour } of words.legend) {
    picture.append(
      make('line', {
        x1: x,
        x2: x + 14,
        y1: footY - 4,
        y2: footY - 4,
        stroke: colourOf(colour),
        'stroke-width': 2,
      }),
      makeText(label, { x: x + 20, y: footY, 'font-size': 12, fill: strong }),
    );
    x += 20 + label.length * 6.6 + 18;
  }
  const sourceY = footY + (words.legend.length > 0 ? LINE_PX : 0);
  picture.append(makeText(words.source, { x: SIDE_PX, y: sourceY, 'font-size': 11, fill: quiet }));
  return { xml: new XMLSerializer().serializeToString(picture), width, height };
}

/** Room that labels take at both sides of the plot: the box it is centred in. */
function frameOf(plot: SVGSVGElement, box: DOMRect): { left: number; width: number } {
  const outer = plot.closest('[data-chart-frame]')?.getBoundingClientRect() ?? box;
  return { left: Math.max(0, box.left - outer.left), width: Math.max(box.width, outer.width) };
}

/** Colours of the theme by their token, resolved: a variable means nothing inside an image. */
function readColours(): (token: string) => string {
  const probe = document.createElement('span');
  return (token) => {
    document.body.append(probe);
    probe.style.color = `var(--${token})`;
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}

/** A copy with every look written on the element itself; what is not shown is left out. */
function cloneResolved(original: Element): Element {
  const copy = original.cloneNode(false) as Element;
  copy.removeAttribute('class');
  copy.removeAttribute('style');
  const style = getComputedStyle(original);
  for (const name of RESOLVED) {
    const value = style.getPropertyValue(name);
    if (value !== '') copy.setAttribute(name, value);
  }
  // A width that a class gives; through the object model, where the content policy has no say.
  if (copy instanceof SVGSVGElement && style.width.includes('calc')) copy.style.width = style.width;
  for (const child of original.childNodes) {
    if (child instanceof Element) {
      if (getComputedStyle(child).display !== 'none') copy.append(cloneResolved(child));
    } else if (child.nodeType === Node.TEXT_NODE) {
      copy.append(child.cloneNode());
    }
  }
  return copy;
}

function make(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function makeText(text: string, attributes: Record<string, string | number>): SVGElement {
  const element = make('text', attributes);
  element.textContent = text;
  return element;
}

/** Words on lines of at most `maxChars`. */
function wrap(text: string, maxChars: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const current = lines.at(-1);
    if (current !== undefined && `${current} ${word}`.length <= maxChars)
      lines[lines.length - 1] = `${current} ${word}`;
    else lines.push(word);
  }
  return lines;
}
