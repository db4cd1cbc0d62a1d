import { answerOf, type Http } from './http.ts'
import type { Identity, Session, SignOutReason } from './session.ts'
import type {
  AddressOfAccount,
  Balance,
  CallOptions,
  Credentials,
  NewAccount,
  NewPasswordByCode,
  PasswordChange,
  Profile,
  ProfileChange,
  SessionInfo,
  VerificationCode,
} from './types.ts'

/** Where a picture is shown. */
export type PicturePlace = 'profile' | 'licence' | 'car-front' | 'car-back'

/** Signing up, in and out, and who one is. Every call throws a `TootaError`; its codes are named where they tell something. */
export class Account {
  readonly #http: Http
  readonly #session: Session

  constructor(http: Http, session: Session) {
    this.#http = http
    this.#session = session
  }

  /** Who is signed in, as far as is known without asking; see {@link Account.restore}. */
  get identity(): Identity | undefined {
    return this.#session.identity
  }

  /** Who the storage remembers: call it when the program starts. */
  async restore(): Promise<Identity | undefined> {
    await this.#session.restore()
    return this.#session.identity
  }

  /** Called when the session ends, by {@link Account.signOut} or by the server. Answers with a function that stops it. */
  onSignedOut(listener: (reason: SignOutReason) => void): () => void {
    return this.#session.onEnd(listener)
  }

  /** A new account, to be verified by the code in a mail. `password-refused`. The same answer for an address that has one. */
  async signUp(account: NewAccount, options: CallOptions = {}): Promise<void> {
    await this.#http.POST('/v1/accounts', { body: account, ...options })
  }

  /** Another code by mail; the same answer for unknown addresses and after the day's codes. */
  async sendCode(account: AddressOfAccount, options: CallOptions = {}): Promise<void> {
    await this.#http.POST('/v1/accounts/codes', { body: account, ...options })
  }

  /** Verifies the address, sets the password and signs in. `wrong-code`, `password-refused`. */
  async verify(code: VerificationCode, options: CallOptions = {}): Promise<Identity> {
    const body = { ...code, device: await this.#session.device() }
    const tokens = await answerOf(this.#http.POST('/v1/accounts/verification', { body, ...options }))
    await this.#session.begin(tokens)
    return { accountId: tokens.accountId, role: tokens.role }
  }

  /** `invalid-credentials`, `account-not-verified`. */
  async signIn(credentials: Credentials, options: CallOptions = {}): Promise<Identity> {
    const body = { ...credentials, device: await this.#session.device() }
    const tokens = await answerOf(this.#http.POST('/v1/sessions', { body, ...options }))
    await this.#session.begin(tokens)
    return { accountId: tokens.accountId, role: tokens.role }
  }

  /** Ends the session on the server and here; here also when the server cannot be told. */
  async signOut(options: CallOptions = {}): Promise<void> {
    try {
      await this.#http.DELETE('/v1/sessions/current', { ...options })
    } finally {
      await this.#session.end('signed-out')
    }
  }

  /** Everywhere this account is signed in. */
  async sessions(options: CallOptions = {}): Promise<SessionInfo[]> {
    return (await answerOf(this.#http.GET('/v1/sessions', { ...options }))).sessions
  }

  /** Signs out elsewhere; its sockets close. `not-found`. */
  async endSession(sessionId: string, options: CallOptions = {}): Promise<void> {
    await this.#http.DELETE('/v1/sessions/{sessionId}', { params: { path: { sessionId } }, ...options })
  }

  /** A code by mail for a forgotten password; the same answer for unknown addresses. */
  async requestReset(account: AddressOfAccount, options: CallOptions = {}): Promise<void> {
    await this.#http.POST('/v1/password-resets', { body: account, ...options })
  }

  /** Every session of the account ends. `wrong-code`, `password-refused`. */
  async resetPassword(reset: NewPasswordByCode, options: CallOptions = {}): Promise<void> {
    await this.#http.POST('/v1/password-resets/completion', { body: reset, ...options })
  }

  /** Every other session of the account ends. `old-password-wrong`, `password-refused`. */
  async changePassword(change: PasswordChange, options: CallOptions = {}): Promise<void> {
    await this.#http.PUT('/v1/me/password', { body: change, ...options })
  }

  async profile(options: CallOptions = {}): Promise<Profile> {
    return answerOf(this.#http.GET('/v1/me', { ...options }))
  }

  /** What is left out stays. `phone-taken`, `picture-refused`. */
  async changeProfile(change: ProfileChange, options: CallOptions = {}): Promise<Profile> {
    return answerOf(this.#http.PATCH('/v1/me', { body: change, ...options }))
  }

  /**
   * What the account has and owes, per currency, in minor units. A customer's credit pays for the next trip by itself; a driver finds
   * the same at {@link Earnings.balances}.
   */
  async balances(options: CallOptions = {}): Promise<Balance[]> {
    return (await answerOf(this.#http.GET('/v1/me/balances', { ...options }))).balances
  }

  /**
   * A JPEG or PNG of at most 2 MiB, its type in the blob. Answers with the name that profile and application take for
   * half an hour. `picture-refused`.
   */
  async uploadPicture(place: PicturePlace, picture: Blob, options: CallOptions = {}): Promise<string> {
    const call = this.#http.POST('/v1/pictures/{place}', {
      params: { path: { place } },
      body: picture as never,
      bodySerializer: (bytes) => bytes,
      headers: { 'content-type': picture.type },
      ...options,
    })
    return (await answerOf(call)).picture
  }
}
