import type { LiveServer } from './live-server.ts'

export const PASSWORD = 'bakkie op pad'

/** Requests on the accounts of a live server, as the existing clients make them. */
export function createClassicClient(server: LiveServer) {
  const post = (path: string, body?: unknown) => server.request('POST', path, { body })

  /** The newest code mailed to this address. */
  async function codeFor(address: string): Promise<string> {
    const response = await fetch(`${server.address}/dev/mail?to=${encodeURIComponent(address)}`, {
      headers: { accept: 'application/json' },
    })
    const { mails } = (await response.json()) as { mails: { body: string }[] }
    return /is: (\d{4})/.exec(mails[0]?.body ?? '')?.[1] ?? ''
  }

  return {
    post,
    codeFor,

    /** Any body under any media type. */
    async send(path: string, contentType: string, body: BodyInit, method = 'POST') {
      const response = await fetch(server.address + path, {
        method,
        ...(body === '' && contentType === '' ? {} : { body }),
        redirect: 'manual',
        headers: contentType === '' ? {} : { 'content-type': contentType },
      })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },

    async signedUp(role: 'user' | 'driver', email: string) {
      await post(`/auth/signup/${role}/`, { email, password: PASSWORD })
      const { body } = await post('/auth/verify-email/', { email, otp: await codeFor(email) })
      return body as { access: string; refresh: string }
    },
  }
}
