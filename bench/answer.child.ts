/** The yardstick: an endpoint that reads what it is sent, and says 200. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerCpuUsage } from './child-process.ts'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = JSON.stringify({ status: 'success', message: `${Buffer.concat(chunks).length} bytes` })
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
})
server.listen(0, '127.0.0.1', () => {
  answerCpuUsage()
  process.send?.({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pairs: [] })
})
