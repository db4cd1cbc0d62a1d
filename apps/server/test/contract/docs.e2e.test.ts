import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Json, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

describe.concurrent('§2.4 API documentation', () => {
  it('[CT5] §2.4 /swagger-docs/, /swagger/ and /redoc/ are HTML without a login (C-16), slash or not', async () => {
    for (const path of ['/swagger-docs/', '/swagger-docs', '/swagger/', '/swagger', '/redoc/', '/redoc']) {
      const answer = await server.get(path)
      expect(answer.status, path).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^text\/html\b/)
      expect(answer.text).toMatch(/<html/i)
    }
  })

  it("[CT5] §2.4 /swagger.json is an OpenAPI document that names the wire's addresses", async () => {
    const answer = await server.get('/swagger.json')
    expect(answer.status).toBe(200)
    expect(answer.body['openapi']).toMatch(/^3\./)
    expect(Object.keys(answer.body['paths'] as Json)).toEqual(
      expect.arrayContaining([
        '/auth/signup/user/',
        '/auth/verify-email/',
        '/auth/login/driver/',
        '/auth/profile/user/',
        '/auth/kyc-update/user/',
        '/auth/kyc-update/driver/',
        '/auth/change-password/',
        '/auth/logout/',
        '/payment/',
      ]),
    )
  })

  it('[CT5] §2.4 /swagger.yaml is the same as YAML', async () => {
    const answer = await server.get('/swagger.yaml')
    expect(answer.status).toBe(200)
    expect(answer.text).toMatch(/^openapi:\s*["']?3\./m)
    expect(answer.text).toContain('/auth/signup/user/')
  })
})
