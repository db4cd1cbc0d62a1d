import type { Config } from './config.ts'
import type { DemoLogin } from './demo-accounts.ts'

/** The few lines an operator reads after the start: where everything is. */
export function welcome(
  config: Config,
  dataDir: string | undefined,
  logins: readonly DemoLogin[],
  testGatewayUrl: string | undefined,
): string {
  const { host, port } = config.http
  const base = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const mail = config.mail.smtp
    ? `sent through ${config.mail.smtp.host}`
    : config.settings.isDebug
      ? `${base}/dev/mail`
      : 'kept in the outbox: set EMAIL_HOST to send it'
  return [
    '',
    `  Toota is running   ${base}/`,
    `  API documentation  ${base}/docs/  ${base}/swagger/  ${base}/redoc/`,
    `  Mail               ${mail}`,
    `  Database           ${dataDir === undefined ? 'DATABASE_URL' : `embedded PostgreSQL in ${dataDir}`}`,
    `  Payments           ${paymentsOf(config, testGatewayUrl)}`,
    ...logins.map(({ role, email, password }) => `  Demo ${role.padEnd(13)} ${email}  password ${password}`),
    '',
  ].join('\n')
}

function paymentsOf({ gateways }: Config, testGatewayUrl: string | undefined): string {
  if (testGatewayUrl !== undefined) return `cash, and play money at the test gateway ${testGatewayUrl}`
  const names = (['paystack', 'flutterwave', 'yoco'] as const).filter((name) => gateways[name])
  return ['cash', ...names].join(', ')
}
