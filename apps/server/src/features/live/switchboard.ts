import type { CloseCode, ServerFrame } from '@toota/contract'
import type { AccountId } from '../../kernel/index.ts'
import type { DeviceClaim, DeviceClaims } from '../../platform/device-claims.ts'
import type { DeskReport, StreamDesk } from '../../platform/news.ts'

/** An open connection as the others on this node see it. */
export type Line = {
  readonly accountId: AccountId
  readonly device: string | undefined
  /** Milliseconds since 1970. */
  readonly openedAt: number
  readonly epoch: string
  send(frame: ServerFrame): void
  end(code: CloseCode): void
}

/** All open connections of `/v1/live` on this node, for what concerns more than one. */
export class Switchboard {
  readonly #claims: DeviceClaims
  readonly #lines = new Set<Line>()
  readonly #byDevice = new Map<string, Line>()
  #isDatabaseAway = false

  constructor(desk: StreamDesk, claims: DeviceClaims) {
    this.#claims = claims
    desk.onReport((report) => this.#react(report))
    claims.listen((claim) => this.#giveWay(claim))
  }

  /** Lets a connection in, and an older one of the same device out. The returned function takes it out again. */
  add(line: Line): () => void {
    const { accountId, device, openedAt } = line
    if (device !== undefined) {
      const key = keyOf(accountId, device)
      this.#byDevice.get(key)?.end(4505)
      this.#byDevice.set(key, line)
      this.#claims.tell({ accountId, device, at: openedAt })
    }
    this.#lines.add(line)
    if (this.#isDatabaseAway) line.send({ t: 'degraded', why: 'database' })
    return () => {
      this.#lines.delete(line)
      if (device === undefined) return
      const key = keyOf(accountId, device)
      if (this.#byDevice.get(key) === line) this.#byDevice.delete(key)
    }
  }

  /** To another node's socket, unless the one here is younger, as far as two clocks can tell: to close neither is harmless. */
  #giveWay({ accountId, device, at }: DeviceClaim): void {
    const line = this.#byDevice.get(keyOf(accountId, device))
    if (line && line.openedAt < at) line.end(4505)
  }

  #react({ isDatabaseAway, epoch }: DeskReport): void {
    if (isDatabaseAway !== this.#isDatabaseAway) {
      this.#isDatabaseAway = isDatabaseAway
      for (const line of this.#lines) line.send({ t: 'degraded', why: isDatabaseAway ? 'database' : 'none' })
    }
    // A connection that is just starting has none yet.
    if (epoch !== undefined)
      for (const line of this.#lines) if (line.epoch !== '' && line.epoch !== epoch) line.end(4004)
  }
}

const keyOf = (accountId: AccountId, device: string): string => `${accountId} ${device}`
