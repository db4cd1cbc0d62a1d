import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SpanKind, startTracing, traced, traceFields } from '../../src/platform/tracing.ts'
import { startLiveServer, type LiveServer } from '../live-server.ts'
import { startCollector, type ToldSpan } from './collector.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'

describe('traces', () => {
  let collector: Awaited<ReturnType<typeof startCollector>>
  let server: LiveServer
  const heardByGateway: IncomingHttpHeaders[] = []
  const gateway = createServer((request, response) => {
    heardByGateway.push(request.headers)
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"status":false,"message":"not found"}')
  })
  beforeAll(async () => {
    collector = await startCollector()
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
    server = await startLiveServer(
      {},
      {
        PAYSTACK_SECRET_KEY: 'sk_test_0123456789abcdef0123456789abcdef01234567',
        PAYSTACK_BASE_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
      },
    )
  })
  afterAll(async () => {
    await server.close()
    gateway.close()
    await collector.close()
  })

  const find = (name: string): ToldSpan => {
    const span = collector.spans.find((each) => each.name === name && each.traceId === TRACE)
    if (!span) throw new Error(`no ${name} in ${collector.spans.map((each) => each.name).join(', ')}`)
    return span
  }
  const attribute = (span: ToldSpan, key: string) =>
    Object.values(span.attributes.find((each) => each.key === key)?.value ?? {})[0]

  it('[OP54] a request, its transaction and what it asks of others are one trace, which goes on from the caller', async () => {
    const token = await server.signIn(await server.addCustomer())
    const tracing = await startTracing(collector.url, 'test')
    const answer = await fetch(`${server.address}/v1/trips`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': 'a-key-of-this-test-1',
        traceparent: `00-${TRACE}-${CALLER}-01`,
      },
      body: JSON.stringify({
        pickup: { address: '1 Commissioner Street', latitude: -26.2041, longitude: 28.0473 },
        destination: { address: '5 Rivonia Road', latitude: -26.1076, longitude: 28.0567 },
        vehicleClass: 'bakkie',
        loadDescription: 'two sofas',
      }),
    })
    expect(answer.status).toBe(201)
    await answer.arrayBuffer()
    await tracing.stop()

    const request = find('POST /v1/trips')
    expect(request.parentSpanId).toBe(CALLER)
    expect(attribute(request, 'toota.request_id')).toBe(answer.headers.get('x-request-id'))
    expect(Number(attribute(request, 'http.response.status_code'))).toBe(201)
    expect(find('transaction').parentSpanId).toBe(request.spanId)
  })

  it('[OP54] a gateway is called within the trace, and told of it', async () => {
    const tracing = await startTracing(collector.url, 'test')
    await traced('by hand', SpanKind.INTERNAL, {}, async () => {
      await server.platform.gateways
        .named('paystack')
        ?.verifyPayment({ reference: 'unknown-1', gatewayId: null })
    })
    await tracing.stop()
    const outer = collector.spans.find(({ name }) => name === 'by hand')
    const call = collector.spans.find(({ name }) => name === 'paystack verifyPayment')
    expect(call?.parentSpanId).toBe(outer?.spanId)
    expect(heardByGateway.at(-1)?.['traceparent']).toBe(`00-${call?.traceId}-${call?.spanId}-01`)
  })

  it('[OP55] a log line within a trace names it; without tracing nothing is loaded, told or added', async () => {
    const before = collector.spans.length
    await server.request('GET', '/v1/trips', { token: await server.signIn(await server.addCustomer()) })
    expect(await traced('untold', SpanKind.INTERNAL, {}, () => Promise.resolve(traceFields()))).toEqual({})

    const tracing = await startTracing(collector.url, 'test')
    const fields = await traced('told', SpanKind.INTERNAL, {}, () => Promise.resolve(traceFields()))
    await tracing.stop()
    expect(collector.spans.slice(before).map(({ name }) => name)).toEqual(['told'])
    expect(fields).toEqual({ traceId: collector.spans.at(-1)?.traceId })
  })
})
