import type { FastifyRequest } from 'fastify'
import type { Settings } from '../platform.ts'

/** Where a payment page sends the browser afterwards: the original's address, at this server as its clients reach it. */
export const returnUrlOf = ({ publicUrl }: Pick<Settings, 'publicUrl'>, request: FastifyRequest): string =>
  `${publicUrl ?? `${request.protocol}://${request.host}`}/payment/verify/`
