import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Blobs } from '../blobs.ts'
import { isBlobName } from '../blobs.ts'
import { PRIVATE_PATH, PUBLIC_PATH, type PictureUrls } from '../picture-urls.ts'

export type MediaOptions = {
  /** The JPEG of this name if it is that public or private. */
  readonly read: (name: string, privacy: 'public' | 'private') => ReturnType<Blobs['get']>
  readonly urls: Pick<PictureUrls, 'isSigned'>
}

const YEAR_SECONDS = 31_536_000

/** Pictures by their names: public ones for everybody, documents for who has an address signed for the moment. */
export function registerMedia(app: FastifyInstance, { read, urls }: MediaOptions): void {
  const tags = ['Pictures']
  const params = z.object({ name: z.string() })
  const query = z.object({ expires: signedPart, signature: signedPart })

  app.get<{ Params: z.output<typeof params> }>(
    `${PUBLIC_PATH}:name`,
    { schema: { tags, summary: 'A profile or vehicle picture (JPEG)', params } },
    async ({ params: { name } }, reply) => {
      const picture = isBlobName(name) ? await read(name, 'public') : undefined
      if (!picture) return answerMissing(reply)
      void reply.header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`)
      return sendPicture(reply, picture)
    },
  )
  app.get<{ Params: z.output<typeof params>; Querystring: z.output<typeof query> }>(
    `${PRIVATE_PATH}:name`,
    {
      schema: { tags, summary: 'A document, by an address signed for 5 minutes', params, querystring: query },
    },
    async ({ params: { name }, query: { expires, signature } }, reply) => {
      const isAllowed = isBlobName(name) && urls.isSigned(name, expires, signature)
      const picture = isAllowed ? await read(name, 'private') : undefined
      if (!picture) return answerMissing(reply)
      void reply
        .header('cache-control', 'private, no-store')
        .header('content-disposition', 'attachment; filename="document.jpg"')
      return sendPicture(reply, picture)
    },
  )
}

/** Whatever is there instead of one text is no signature, and no more than that is told. */
const signedPart = z.string().catch('')

/** Wrong, expired, somebody else's or not there: alike. */
const answerMissing = (reply: FastifyReply): FastifyReply =>
  reply.code(404).header('cache-control', 'no-store').send({ message: 'Not found.' })

// Apps on other origins show pictures; nothing in one may ever run or load anything.
const sendPicture = (reply: FastifyReply, picture: Buffer): FastifyReply =>
  reply
    .type('image/jpeg')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cross-origin-resource-policy', 'cross-origin')
    .send(picture)
