import { signedOut, TootaError, type ErrorCode } from '../problem.ts'
import type { Session } from '../session.ts'
import type { Hello } from './frames.ts'
import { nameOfTab } from './tab.ts'

/** From here on coming back changes nothing by itself. */
const FIRST_FINAL_CODE = 4500
const TOKEN_EXPIRED = 4005
const BAD_TOKEN = 4501
/** The hello goes out with the connection, so it was the network that was slow. */
const LATE_HELLO = 4502
const LATE_HELLOS = 5
const FINAL_CODES: Readonly<Record<number, ErrorCode>> = {
  [BAD_TOKEN]: 'not-authenticated',
  4504: 'not-authenticated',
  4505: 'replaced',
  4507: 'too-many-requests',
}

/** Who speaks, by which token, and whether the server lets him come back. */
export class Greeting {
  readonly #session: Session
  #token = ''
  /** The server refused the token; the next hello brings another. */
  #isRefused = false
  #refusals = 0
  #lateHellos = 0

  constructor(session: Session) {
    this.#session = session
  }

  async hello(resume: () => Pick<Hello, 'resume'>): Promise<Hello> {
    this.#token = await (this.#isRefused ? this.#session.renew(this.#token) : this.#session.accessToken())
    const device = nameOfTab(await this.#session.device())
    return { t: 'hello', v: 1, token: this.#token, device, ...resume() }
  }

  /** A token for the connection that is open. Undefined where none is to be had: the server will close it, or has ended the session. */
  async renew(): Promise<string | undefined> {
    try {
      return (this.#token = await this.#session.renew(this.#token))
    } catch {
      return undefined
    }
  }

  /** Earlier refusals do not count any more. */
  begin(): void {
    this.#isRefused = false
    this.#refusals = this.#lateHellos = 0
  }

  /** Why nobody should come back after this close code; undefined when one should. */
  finalReason(code: number): TootaError | undefined {
    if (code === TOKEN_EXPIRED || (code === BAD_TOKEN && this.#refusals++ === 0)) {
      this.#isRefused = true
      return undefined
    }
    if (code < FIRST_FINAL_CODE || (code === LATE_HELLO && this.#lateHellos++ < LATE_HELLOS)) return undefined
    const known = FINAL_CODES[code]
    const message = `The server closed the connection (${code})`
    if (known === 'not-authenticated') return signedOut(message)
    const retryable = known === 'too-many-requests'
    return new TootaError({ code: known ?? 'unexpected-answer', message, retryable })
  }
}
