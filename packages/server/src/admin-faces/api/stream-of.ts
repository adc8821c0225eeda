/** The server that this goes to holds back so many pieces before it says that all is well: what fails by then is no success yet. */
const heldBack = 3;

/** Texts as a body that is made no faster than it is read. Throws what the first of them throw. */
export async function streamOf(texts: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const first: string[] = [];
  for (let next = await texts.next(); next.done !== true; next = await texts.next()) {
    if (first.push(next.value) === heldBack) break;
  }
  return new ReadableStream(
    {
      start(controller) {
        for (const text of first) controller.enqueue(encoder.encode(text));
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
