import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import type { ClassicContext } from '../../src/classic/context.ts'
import { webhooks } from '../../src/classic/rest/webhooks.ts'
import type { Platform } from '../../src/platform/platform.ts'

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** The server's own addresses for webhooks, on HTTP; the next requests can be answered with other statuses instead. */
export async function startReceiver(platform: Platform) {
  const app = fastify()
  let instead: number[] = []
  app.addHook('onRequest', async (_request, reply) => {
    const status = instead.shift()
    if (status !== undefined) await reply.code(status).send()
  })
  await app.register(webhooks({ platform } as ClassicContext))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    answerFirst(statuses: readonly number[]): void {
      instead = [...statuses]
    },
    async close() {
      app.server.closeAllConnections()
      await app.close()
    },
  }
}
