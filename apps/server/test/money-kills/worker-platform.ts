import { systemClock } from '../../src/platform/clock.ts'
import { openDatabase, type Database } from '../../src/platform/database/index.ts'
import { createGateways } from '../../src/platform/gateways/create-gateways.ts'
import type { Logger } from '../../src/platform/log.ts'
import { PolledNewsDesk } from '../../src/platform/news-desk.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { createTokens } from '../../src/platform/tokens.ts'
import type { Job } from './job.ts'

/** As much of the platform as money needs: the real pieces, on a database and gateways that are given. */
export type WorkerPlatform = Pick<
  Platform,
  'db' | 'news' | 'gateways' | 'settings' | 'log' | 'clock' | 'tokens'
>

type Options = {
  readonly rewrite: (text: string) => string
  readonly tellFault: (fault: string) => void
}

export function createWorkerPlatform(
  { databaseUrl, gatewayUrl, zaGateway, settings }: Job,
  { rewrite, tellFault }: Options,
): WorkerPlatform {
  const db: Database = openDatabase({ url: databaseUrl, poolSize: 4, rewrite })
  const log: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (details: unknown, text?: string) => tellFault(`${text ?? ''} ${describe(details)}`),
  }
  const config = { paystack: undefined, flutterwave: undefined, yoco: undefined, usesTestGateway: true }
  return {
    db,
    news: new PolledNewsDesk(db, (error) => tellFault(String(error))),
    gateways: createGateways({ ...config, zaGateway }, log, { testUrl: gatewayUrl }),
    settings,
    log,
    clock: systemClock,
    tokens: createTokens(settings.secretKey),
  }
}

const describe = (details: unknown): string =>
  details instanceof Object && 'err' in details ? String(details.err) : JSON.stringify(details)
