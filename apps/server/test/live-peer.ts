import { ServerFrame } from '@toota/contract'
import { sql } from 'kysely'
import { newId, type AccountId, type SessionId } from '../src/kernel/index.ts'
import type { LiveServer } from './live-server.ts'
import type { Json, TestSocket } from './test-socket.ts'

/** A socket of `/v1/live` that has said hello and heard its welcome. */
export async function connectLive(
  server: LiveServer,
  token: string,
  hello: Json = {},
): Promise<{ socket: TestSocket; welcome: Json }> {
  const socket = await server.connect('/v1/live', token)
  socket.send({ t: 'hello', v: 1, ...hello })
  return { socket, welcome: await nextFrame(socket, 'welcome') }
}

/** The next frame that is no heartbeat, which must be one of the protocol, and of kind `t` if one is named. */
export async function nextFrame(socket: TestSocket, t?: string): Promise<Json> {
  for (;;) {
    const frame = ServerFrame.parse(await socket.next()) as Json
    if (frame['t'] === 'pos') continue
    if (t !== undefined && frame['t'] !== t) throw new Error(`not ${t}: ${JSON.stringify(frame)}`)
    return frame
  }
}

/** What comes until an event of this number has come. */
export async function framesUntil(socket: TestSocket, seq: number): Promise<Json[]> {
  const frames: Json[] = []
  while (frames.at(-1)?.['seq'] !== seq) frames.push(await nextFrame(socket))
  return frames
}

/** Tells the account so many things that its stream holds nothing else for. */
export async function tellOften(server: LiveServer, accountId: AccountId, count: number): Promise<void> {
  const items = Array.from({ length: count }, () => ({ accountId, kind: 'profile.changed', data: {} }))
  await server.db.transaction((tx) => server.platform.news.append(tx, items))
}

export const forgetNewsBefore = (server: LiveServer, accountId: AccountId, seq: number) =>
  sql`delete from news where account_id = ${accountId} and seq < ${seq}`.execute(server.db.single)

/** An access token that has only so much time left. */
export async function shortToken(
  { db, platform }: LiveServer,
  accountId: AccountId,
  seconds: number,
): Promise<string> {
  const sessionId = newId<SessionId>()
  await db.single
    .insertInto('session')
    .values({ id: sessionId, account_id: accountId, expires_at: new Date(Date.now() + 86_400_000) })
    .execute()
  const issuedAt = Date.now() + (seconds - platform.tokens.lifetimeSeconds.access) * 1_000
  return platform.tokens.issue('access', { accountId, sessionId }, new Date(issuedAt))
}
