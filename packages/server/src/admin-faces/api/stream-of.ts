/** Texts as a body that is made no faster than it is read. Throws what the first of them throws. */
export async function streamOf(texts: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const first = await texts.next();
  return new ReadableStream(
    {
      start(controller) {
        if (first.done !== true) controller.enqueue(encoder.encode(first.value));
      },
      async pull(controller) {
        const { value, done } = await texts.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await texts.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}
