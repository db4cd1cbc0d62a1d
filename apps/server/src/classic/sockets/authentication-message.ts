import { authenticate, type Principal } from '../../features/accounts/index.ts'
import { Refusal } from '../../kernel/index.ts'
import type { ClassicContext } from '../context.ts'
import type { Message, SocketClient } from './routes.ts'

/** An old page sends its token once more after connecting. It opens nothing: who is here was decided in the handshake. */
export const isAuthentication = (message: Message): boolean => message['type'] === 'authentication'

/** Says whether the token is a valid one of this very account. */
export async function answerAuthentication(
  context: ClassicContext,
  { principal, send }: SocketClient,
  { token }: Message,
): Promise<void> {
  const named = typeof token === 'string' ? await readToken(context, token) : undefined
  send({
    type: 'authentication_response',
    ...(named?.accountId === principal.accountId
      ? { status: 'success' }
      : { status: 'error', message: 'Invalid or expired token' }),
  })
}

async function readToken({ platform }: ClassicContext, token: string): Promise<Principal | undefined> {
  try {
    return await authenticate(platform, `Bearer ${token}`)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
