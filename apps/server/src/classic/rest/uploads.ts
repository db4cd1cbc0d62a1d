import type { FastifyReply, FastifyRequest } from 'fastify'
import { MAX_UPLOAD_BYTES } from '../../platform/images.ts'
import { createTurns } from '../../platform/turns.ts'

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be merged
  interface FastifyContextConfig {
    /** Files of a multipart body are kept on this route; elsewhere they are read past. */
    takesPictures?: boolean
  }
}

/** A file of a multipart body. */
export class UploadedFile {
  readonly fileName: string
  /** One byte more than is allowed shows that there was more; empty on routes that take no pictures. */
  readonly content: Buffer
  constructor(fileName: string, content: Buffer) {
    this.fileName = fileName
    this.content = content
  }
}

/** Five pictures of 2 MiB and the words beside them. */
const FORM_LIMIT = 12 * 1024 * 1024

// What uploads may hold in memory at once, whoever sends them: 2 × 12 MiB. The others wait before they are read.
const uploads = createTurns({ atOnce: 2, maxWaiting: 100 })

/** Nobody reads an upload to its end only to refuse it. */
class FormTooLarge extends Error {
  readonly statusCode = 413
}

/** The fields of a multipart body; what comes several times is a list. */
export async function readMultipart(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Record<string, unknown>> {
  const { takesPictures = false } = request.routeOptions.config
  if (Number(request.headers['content-length'] ?? 0) > FORM_LIMIT) throw new FormTooLarge()
  if (takesPictures) await awaitTurn(request, reply)
  try {
    return await readParts(request, takesPictures ? MAX_UPLOAD_BYTES + 1 : 0)
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error) throw error
    // The parser's own faults (no boundary, cut short) come without a status, but are the client's.
    throw Object.assign(new Error('malformed form', { cause: error }), { statusCode: 400 })
  }
}

/** A form that brings nothing for so long gives its place to those that wait. */
const STALLED_MS = 10_000

/** The turn lasts until the answer is out or the client has gone, for so long the files are in memory. */
async function awaitTurn(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const endTurn = await uploads.take()
  reply.raw.once('close', endTurn)
  if (request.raw.socket.destroyed) endTurn()
  const { socket } = request.raw
  const cut = (): void => void socket.destroy()
  socket.setTimeout(STALLED_MS, cut)
  request.raw.once('close', () => socket.setTimeout(0).off('timeout', cut))
}

async function readParts(request: FastifyRequest, keptBytes: number): Promise<Record<string, unknown>> {
  const values = new Map<string, unknown>()
  let bytes = 0
  for await (const part of request.parts({ limits: { fileSize: FORM_LIMIT } })) {
    let value: unknown
    if (part.type === 'file') {
      const chunks: Buffer[] = []
      let kept = 0
      for await (const chunk of part.file as AsyncIterable<Buffer>) {
        bytes += chunk.length
        if (bytes > FORM_LIMIT) throw new FormTooLarge()
        const piece = chunk.subarray(0, keptBytes - kept)
        if (piece.length > 0) chunks.push(piece)
        kept += piece.length
      }
      // A file input left empty arrives as a file without a name.
      if (part.filename === '') continue
      value = new UploadedFile(part.filename, Buffer.concat(chunks))
    } else value = part.value
    const earlier = values.get(part.fieldname)
    values.set(part.fieldname, earlier === undefined ? value : [earlier, value].flat())
  }
  return Object.fromEntries(values)
}
