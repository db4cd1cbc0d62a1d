import { PicturePlace, UploadedPicture } from '@toota/contract'
import { z } from 'zod'
import { Refusal } from '../../kernel/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { keepPictures } from './keep-pictures.ts'

const PICTURE_LIMIT = 2 * 1024 * 1024

/** Pictures on `/v1`: uploaded one by one, and then named in a profile or an application. */
export function pictureRoutes({ platform, access }: ApiContext): (api: Api) => void {
  return (api) => {
    api.post(
      '/pictures/:place',
      {
        onRequest: access.requireRole('customer', 'driver'),
        config: { limits: ['pictures'] },
        bodyLimit: PICTURE_LIMIT,
        schema: {
          tags: ['Pictures'],
          security: signedIn,
          operationId: 'uploadPicture',
          summary: 'Upload a JPEG or PNG picture, as the body',
          description:
            'At most 2 MiB and 25 megapixels. It is made anew: nothing but what can be seen is kept.',
          consumes: ['image/jpeg', 'image/png'],
          params: z.object({ place: PicturePlace }),
          response: { 201: UploadedPicture, ...refusals(401, 403, 413, 415) },
        },
      },
      async (request, reply) => {
        const picture: unknown = request.body
        if (!Buffer.isBuffer(picture))
          throw new Refusal('unsupported-media-type', { send: 'image/jpeg or image/png' })
        const isPrivate = request.params.place === 'licence'
        const { accountId } = access.principalOf(request)
        const kept = await keepPictures(platform, accountId, { picture }, () => isPrivate)
        if (kept.picture === undefined) throw new Refusal('picture-refused')
        void reply.code(201)
        return { picture: kept.picture }
      },
    )
  }
}
