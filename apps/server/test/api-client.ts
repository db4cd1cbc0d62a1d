import type { LiveServer } from './live-server.ts'

export type ApiAnswer = {
  readonly status: number
  readonly type: string
  readonly headers: Headers
  readonly text: string
  readonly body: Record<string, unknown>
}

type ApiOptions = { readonly token?: string; readonly body?: unknown; readonly key?: string }

/** Bare requests on `/v1` of a live server. */
export function createApiClient(server: Pick<LiveServer, 'address'>) {
  return async (method: string, path: string, { token, body, key }: ApiOptions = {}): Promise<ApiAnswer> => {
    const response = await fetch(`${server.address}/v1${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      headers: response.headers,
      text,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    }
  }
}
