/** Width of the whole picture. */
export const CARD_PX = 1_200;

/** A look, in the few properties that the picture needs. Numbers are px. */
export type CardStyle = Readonly<Record<string, string | number>>;

/** A part of the picture, as plain data that can go to another thread. Texts stand in `children` and nowhere else. */
export interface CardNode {
  readonly type: 'div' | 'svg' | 'g' | 'path' | 'line' | 'rect' | 'circle';
  readonly props: Readonly<Record<string, unknown>> & {
    readonly children?: CardChild | readonly CardChild[];
  };
}
export type CardChild = CardNode | string;

/** A box; its children stand beside each other unless the style says otherwise. */
export function box(style: CardStyle, ...children: readonly CardChild[]): CardNode {
  return { type: 'div', props: { style: { display: 'flex', ...style }, children } };
}

/** A line of text. */
export function words(text: string, style: CardStyle = {}): CardNode {
  return { type: 'div', props: { style: { display: 'flex', ...style }, children: text } };
}

/** A shape with its attributes, which are ours and numbers. */
export function shape(
  type: Exclude<CardNode['type'], 'div'>,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly CardNode[]
): CardNode {
  return { type, props: children.length === 0 ? attributes : { ...attributes, children } };
}
