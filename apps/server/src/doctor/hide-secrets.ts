import type { Config } from '../config.ts'

/** Shorter ones are found in too many words to be told from them. */
const SHORTEST = 6

/** The last line of defence, for what other programs write into their errors: no secret of ours gets through. */
export function hidingSecrets(config: Config): (text: string) => string {
  const { database, redis, mail, routing, s3, settings, gateways } = config
  const secrets = [
    settings.secretKey,
    redis?.password,
    redis?.password && encodeURIComponent(redis.password),
    mail.smtp?.login?.password,
    routing.google?.apiKey,
    s3?.secretAccessKey,
    gateways.paystack?.secretKey,
    gateways.paystack?.previousSecretKey,
    gateways.flutterwave?.secretKey,
    gateways.yoco?.secretKey,
    ...(gateways.flutterwave?.webhookSecrets ?? []),
    ...(gateways.yoco?.webhookSecrets ?? []),
    ...[database.url, database.directUrl].flatMap(passwordsIn),
  ].filter((secret): secret is string => secret !== undefined && secret.length >= SHORTEST)
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '(hidden)'), text)
}

/** As written and as meant. */
function passwordsIn(url: string | undefined): string[] {
  const password = url === undefined ? '' : new URL(url).password
  return [password, safelyDecoded(password)]
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
