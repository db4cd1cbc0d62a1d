import { Id, Receipt } from '@toota/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { TripId } from '../../kernel/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { receiptBody } from './receipt-body.ts'
import { receiptHtml } from './receipt-html.ts'
import { receiptPdf } from './receipt-pdf.ts'
import { viewReceipt } from './view-receipt.ts'

const params = z.object({ tripId: Id })

/** Receipts on `/v1`: what they say, a page to look at and a PDF to keep. */
export function receiptRoutes({ platform, access }: ApiContext): (api: Api) => void {
  const view = (request: FastifyRequest, tripId: string) =>
    viewReceipt(platform, access.principalOf(request), tripId as TripId)
  // Somebody else's is not there, whatever his role: that a trip exists is not told.
  const onRequest = access.requireRole()
  const shared = { tags: ['Receipts'], security: signedIn, params }
  return (api) => {
    api.get(
      '/trips/:tripId/receipt',
      {
        onRequest,
        schema: {
          ...shared,
          operationId: 'getReceipt',
          summary: 'The receipt of a completed trip',
          description: 'For its customer and for staff; also sent to the customer by e-mail, as a PDF.',
          response: { 200: Receipt, ...refusals(401, 404) },
        },
      },
      async (request, reply) => {
        keepPrivate(reply)
        return receiptBody(await view(request, request.params.tripId))
      },
    )

    api.get(
      '/trips/:tripId/receipt.html',
      {
        onRequest,
        schema: {
          ...shared,
          operationId: 'getReceiptPage',
          summary: 'The receipt as one page of HTML',
          response: { 200: file('text/html', 'The page: it loads nothing'), ...refusals(401, 404) },
        },
      },
      async (request, reply) => {
        const receipt = await view(request, request.params.tripId)
        return sendFile(reply, `${receipt.number}.html`, 'text/html; charset=utf-8', receiptHtml(receipt))
      },
    )

    api.get(
      '/trips/:tripId/receipt.pdf',
      {
        onRequest,
        schema: {
          ...shared,
          operationId: 'getReceiptPdf',
          summary: 'The receipt as a PDF',
          response: { 200: file('application/pdf', 'One page of A5'), ...refusals(401, 404) },
        },
      },
      async (request, reply) => {
        const receipt = await view(request, request.params.tripId)
        return sendFile(reply, `${receipt.number}.pdf`, 'application/pdf', await receiptPdf(receipt))
      },
    )
  }
}

const file = (contentType: string, description: string) => ({
  description,
  content: { [contentType]: { schema: z.string().meta({ format: 'binary' }) } },
})

const keepPrivate = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'private, no-store')

/** To be kept, not opened here; what is in it could not run here either. */
function sendFile(reply: FastifyReply, name: string, type: string, content: string | Buffer): FastifyReply {
  return keepPrivate(reply)
    .type(type)
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    .send(content)
}
