import { ContextNames } from './context-layer.tsx';
import { HistoryLayer } from './history-layer.tsx';
import { InsetLayer } from './inset-layer.tsx';
import { LabelsLayer, ResetsLayer } from './labels-layer.tsx';
import type { SeriesLayerProps } from './layer-props.ts';
import { EndDots } from './series-layer.tsx';

/** Everything of a plot that lies over its series. */
export function Foreground(props: Readonly<SeriesLayerProps>) {
  const { geometry } = props;
  return (
    <>
      <HistoryLayer geometry={geometry} />
      <ContextNames geometry={geometry} />
      <EndDots {...props} />
      <ResetsLayer geometry={geometry} />
      <InsetLayer {...props} />
      <LabelsLayer geometry={geometry} />
    </>
  );
}
