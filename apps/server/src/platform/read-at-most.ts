/** The body of a response, or undefined when it is longer than we wanted to know: leaving the loop cancels the stream. */
export async function readAtMost(
  { body }: Pick<Response, 'body'>,
  limitBytes: number,
): Promise<Buffer | undefined> {
  if (!body) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > limitBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
