import type { GatewayName } from '@toota/contract'
import { z } from 'zod'
import { flutterwaveVerdict } from './flutterwave-answers.ts'
import { gatewayHttp, type Verdict } from './gateway-http.ts'
import { paystackVerdict } from './paystack-answers.ts'
import { yocoVerdict } from './yoco.ts'

/** `refused`: it answers, but not to this key. `away`: there is no answer that could be its own. */
export type Probe =
  { readonly state: 'accepted' } | { readonly state: 'refused' | 'away'; readonly reason: string }

/** Something to read with each key that costs nothing. Yoco has only checkouts, and none with this id. */
const PROBES: Readonly<Record<GatewayName, { readonly path: string; readonly verdict: Verdict }>> = {
  paystack: { path: '/transaction?perPage=1&page=1', verdict: paystackVerdict },
  flutterwave: { path: '/transactions?page=1', verdict: flutterwaveVerdict },
  yoco: { path: '/api/checkouts/ch_toota_doctor', verdict: yocoVerdict },
}

/** Asks once whether a gateway is there and takes the key; nothing is made or changed. */
export async function probeGateway(
  name: GatewayName,
  api: { readonly baseUrl: string; readonly secretKey: string },
  timeoutMs: number,
): Promise<Probe> {
  const { path, verdict } = PROBES[name]
  const http = gatewayHttp(name, verdict, { ...api, timeoutMs, log: { warn: () => undefined } })
  const reply = await http.ask({ name: 'probe', method: 'GET', path }, z.unknown())
  if (reply.reply === 'read') return { state: 'accepted' }
  if (reply.reply === 'unknown') return { state: 'away', reason: reply.reason }
  // Not to find what cannot exist is what only a caller with a key is told.
  return name === 'yoco' && reply.status === 404
    ? { state: 'accepted' }
    : { state: 'refused', reason: `${reply.status} ${reply.reason}` }
}
