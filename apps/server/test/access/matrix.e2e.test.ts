import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLiveServer, type LiveServer } from '../live-server.ts'
import { ELSEWHERE, MATRIX, type Outcome, type Row } from './matrix.ts'
import { ACTORS, setStage, type Actor, type Ids } from './stage.ts'

const STRANGE: Ids = {
  tripId: randomUUID(),
  offerId: randomUUID(),
  driverId: randomUUID(),
  sessionId: randomUUID(),
  paymentId: randomUUID(),
  caseId: randomUUID(),
  picture: `${'f'.repeat(32)}.jpg`,
}
/** Built files have other names with each build. */
const isAsset = (route: string): boolean => /^GET \/(assets\/|index\.html$|docs\/)/.test(route)

describe('who may do what', () => {
  let server: LiveServer
  beforeAll(async () => {
    server = await startLiveServer({ maxSocketsPerAccount: 100 })
  })
  afterAll(() => server.close())

  it('[IX1] every route has a row, and every row a route', () => {
    const table = server.routeTable().filter((route) => !isAsset(route))
    const rows = [...MATRIX.flatMap(({ routes }) => routes), ...ELSEWHERE].filter((route) => !isAsset(route))
    expect(table.filter((route) => !rows.includes(route))).toEqual([])
    expect(rows.filter((route) => !table.includes(route))).toEqual([])
  })

  for (const row of MATRIX)
    for (const route of row.routes)
      it(`[IX2] [IX3] ${route}`, async () => {
        const found: Partial<Record<Actor, Outcome>> = {}
        let stage = await setStage(server, row.scene)
        for (const actor of ACTORS) {
          const before = await stage.state()
          const answer = await ask(route, row, stage.ids, await stage.token(actor))
          found[actor] = outcomeOf(answer.status, row.cells[actor])
          if (row.cells[actor] === 'in') stage = await setStage(server, row.scene)
          else {
            expect(await stage.state(), `${actor} changed something`).toBe(before)
            // What is not his answers like what is not there.
            if (hasId(route, row)) {
              const strange = await ask(route, row, STRANGE, await stage.token(actor))
              expect(strange, `${actor} can tell it from nothing`).toEqual(answer)
            }
          }
        }
        expect(found).toEqual(row.cells)
      })

  const hasId = (route: string, row: Row): boolean =>
    route.includes(':') || JSON.stringify(row.request(STRANGE)).includes(STRANGE.tripId)

  const outcomeOf = (status: number, expected: Outcome): Outcome =>
    expected === 'in' ? ([401, 403, 404].includes(status) ? status : 'in') : status

  async function ask(route: string, row: Row, ids: Ids, token: string | undefined) {
    const [method = '', pattern = ''] = route.split(' ')
    const { body, form, query } = row.request(ids)
    const path = fill(pattern, ids) + (query ? `?${query}` : '')
    if (method === 'WS') return { status: await shake(path, token), text: '' }
    const response = await fetch(server.address + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        'idempotency-key': randomUUID(),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(form && { body: new URLSearchParams(form) }),
    })
    const text = (await response.text())
      .replace(/"requestId":"[^"]+"/, '')
      .replaceAll(JSON.stringify(ids.tripId), '""')
    return { status: response.status, text }
  }

  const shake = (path: string, token: string | undefined): Promise<number> =>
    server.connect(path, token).then(
      (socket) => {
        socket.close()
        return 101
      },
      (error: unknown) => Number(/HTTP (\d+)/.exec(String(error))?.[1] ?? 0),
    )
})

const fill = (pattern: string, ids: Ids): string =>
  pattern
    .replace(/:trip_?[iI]d/, ids.tripId)
    .replace(':offerId', ids.offerId)
    .replace(':driverId', ids.driverId)
    .replace(':sessionId', ids.sessionId)
    .replace(':paymentId', ids.paymentId)
    .replace(':caseId', ids.caseId)
    .replace(':name', ids.picture)
    .replace(':place', 'profile')
