import type { Role } from '@toota/contract'
import type { Principal } from '../../features/accounts/index.ts'
import type { SocketSession } from '../../platform/socket/index.ts'
import type { ClassicContext } from '../context.ts'
import type { Messages } from './schemas/parts.ts'

/** A JSON object as it came in: nothing in it is known to be true. */
export type Message = Readonly<Record<string, unknown>>

/** Who is connected, to what. `params` are the ids in the URL. */
export type Peer = { readonly principal: Principal; readonly params: Readonly<Record<string, string>> }

export type SocketClient = Peer & {
  readonly session: SocketSession
  readonly send: (message: object) => void
}

/** One socket of the original, at all its addresses. */
export type SocketRoute = {
  readonly purpose: string
  /** Everything it takes and sends, besides what all sockets do. */
  readonly messages: Messages
  readonly urls: readonly string[]
  readonly role: Role
  /** Refuses who may not connect; the refusal is HTTP 403 in the handshake, whatever its reason. */
  authorize?(context: ClassicContext, peer: Peer): Promise<void>
  /** Said before the first ping. */
  welcome?(peer: Peer): object
  /** Called once the socket is open; returns what to do with each JSON object that comes in. */
  connect(context: ClassicContext, client: SocketClient): (message: Message) => void
}
