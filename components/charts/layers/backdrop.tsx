import { ContextLayer } from './context-layer.tsx';
import { GapsLayer } from './gaps-layer.tsx';
import { FootLayer, OriginLayer } from './grid-layer.tsx';
import type { LayerProps } from './layer-props.ts';
import { LevelsLayer } from './levels-layer.tsx';
import { MarksLayer } from './marks-layer.tsx';
import { StretchesLayer } from './stretches-layer.tsx';

/** Everything of a plot that lies behind its series, without grid and axes. */
export function Backdrop({ geometry }: Readonly<LayerProps>) {
  return (
    <>
      <FootLayer geometry={geometry} />
      <OriginLayer geometry={geometry} />
      <StretchesLayer geometry={geometry} />
      <GapsLayer geometry={geometry} />
      <ContextLayer geometry={geometry} />
      <LevelsLayer geometry={geometry} />
      <MarksLayer geometry={geometry} />
    </>
  );
}
