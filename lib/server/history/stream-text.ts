import 'server-only';

/**
 * Pieces of text as a body that is made as fast as it is read. `onEnd` comes once, however it ends; a fault breaks the
 * connection, so that nobody takes a part for the whole.
 */
export function streamText(
  pieces: AsyncGenerator<string>,
  onEnd: (fault: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let ended = false;
  const end = (fault: unknown) => {
    if (!ended) onEnd(fault);
    ended = true;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await pieces.next();
          if (done === true) {
            end(null);
            controller.close();
          } else controller.enqueue(encoder.encode(value));
        } catch (error) {
          end(error);
          controller.error(error);
        }
      },
      async cancel() {
        end(null);
        await pieces.return(undefined);
      },
    },
    // One piece ahead of the reader.
    { highWaterMark: 1 },
  );
}
