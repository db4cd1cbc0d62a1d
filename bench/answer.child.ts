/** The yardstick: an endpoint that reads what it is sent, and says 200. */
import { createServer } from 'node:http'
import { listenOn, reportToParent } from './child-process.ts'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = JSON.stringify({ status: 'success', message: `${Buffer.concat(chunks).length} bytes` })
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
})
reportToParent({ address: await listenOn(server), pairs: [] })
