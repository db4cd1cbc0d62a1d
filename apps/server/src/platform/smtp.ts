import { createTransport } from 'nodemailer'

export type SmtpSettings = {
  readonly host: string
  readonly port: number
  /** `starttls` requires it before anything is said; `tls` speaks it from the first byte. */
  readonly security: 'none' | 'starttls' | 'tls'
  readonly login: { readonly user: string; readonly password: string } | undefined
  readonly from: string
  /** Trusts any certificate: for tests against a server of their own. */
  readonly acceptsAnyCertificate?: boolean
}

const SMTP_TIMEOUT_MS = 10_000

/** At most two connections to the operator's mail server. */
export function openSmtp(smtp: SmtpSettings) {
  return createTransport({
    pool: true,
    maxConnections: 2,
    host: smtp.host,
    port: smtp.port,
    secure: smtp.security === 'tls',
    requireTLS: smtp.security === 'starttls',
    ignoreTLS: smtp.security === 'none',
    ...(smtp.login ? { auth: { user: smtp.login.user, pass: smtp.login.password } } : {}),
    ...(smtp.acceptsAnyCertificate ? { tls: { rejectUnauthorized: false } } : {}),
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** Connects and logs in as the sender would, and sends nothing. Answers the kind of fault, if there is one. */
export async function trySmtp(smtp: SmtpSettings): Promise<string | undefined> {
  const transport = openSmtp(smtp)
  try {
    await transport.verify()
    return undefined
  } catch (error) {
    return smtpFault(error)
  } finally {
    transport.close()
  }
}

/** The kind of failure. SMTP servers repeat addresses in their texts, so those are not kept. */
export function smtpFault(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const reply =
    'responseCode' in error && typeof error.responseCode === 'number' ? ` ${error.responseCode}` : ''
  return `${code}${reply}`
}
