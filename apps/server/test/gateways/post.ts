import { request, type Agent } from 'node:http'

/** Sends JSON and tells the status, or 0 when there was no answer in time. */
export function post(
  agent: Agent,
  url: string,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
): Promise<number> {
  return new Promise((done) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        timeout: timeoutMs,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        response.resume()
        response.once('close', () => done(response.complete ? (response.statusCode ?? 0) : 0))
      },
    )
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.once('error', (error: NodeJS.ErrnoException) => {
      // The other side may close a kept connection just when it is used again: that is no answer of anybody.
      const isStale = sent.reusedSocket && error.code === 'ECONNRESET'
      done(isStale ? post(agent, url, headers, body, timeoutMs) : 0)
    })
    sent.end(body)
  })
}
