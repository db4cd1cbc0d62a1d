import type { Control, PayOrder, WebhookChange, WebhookOrder } from './control.ts'
import { CALL_FAULTS, type CallFaultRule } from './faults.ts'
import { GATEWAY_PARTS } from './gateway-parts.ts'
import type { Hold } from './holds.ts'
import { PAYMENT_SCRIPTS, TRANSFER_SCRIPTS, type ScriptRule } from './scripts.ts'
import { FORGERIES } from './signatures.ts'
import type { WebhookRule } from './webhooks.ts'
import { GATEWAYS, type Call, type Fields, type Route } from './wire.ts'

/** What each route answers with; a thrown Error is a 400 with its message. */
export type ControlRoute = Route<(control: Control, call: Call) => unknown>

const CALLS = Object.values(GATEWAY_PARTS).flatMap(({ routes }) => routes.map(({ name }) => name))

/** Words that may stand in a field. A typing error that does nothing would pass for a gateway that works. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  gateway: GATEWAYS,
  call: CALLS,
  script: [...PAYMENT_SCRIPTS, ...TRANSFER_SCRIPTS],
  action: ['pay', 'decline', 'cancel'],
  when: ['before', 'after'],
  forgery: FORGERIES,
}

function checked<Body>(body: Fields, required: readonly string[], words = WORDS): Body {
  for (const field of required) if (body[field] === undefined) throw new Error(`${field} is missing`)
  for (const [field, allowed] of Object.entries(words)) {
    const value = body[field]
    if (value !== undefined && !allowed.some((word) => word === value))
      throw new Error(`${field} may be ${allowed.join(', ')}`)
  }
  return body as Body
}

const CALL_WORDS = { ...WORDS, fault: CALL_FAULTS }
const DELIVERY_WORDS = { ...WORDS, fault: FORGERIES }

const post = (path: string, answer: ControlRoute['answer']): ControlRoute => ({
  method: 'POST',
  path: `/control${path}`,
  name: path,
  answer,
})

const get = (path: string, answer: ControlRoute['answer']): ControlRoute => ({
  ...post(path, answer),
  method: 'GET',
})

/** The control API, see README.md. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  post('/webhooks', (control, { body }) => control.setWebhooks(checked<WebhookChange>(body, []))),
  get('/webhooks/pending', (control, { query }) =>
    control.pendingWebhooks(query.get('reference') ?? undefined),
  ),
  get('/webhooks/of/:reference', (control, { params }) => control.webhooksOf(params['reference']!)),
  post('/webhooks/deliver', (control, { body }) =>
    control.deliverWebhook(checked<WebhookOrder>(body, ['id'], DELIVERY_WORDS)),
  ),
  post('/webhooks/faults', (control, { body }) => control.faultWebhooks(checked<WebhookRule>(body, []))),
  post('/faults', (control, { body }) =>
    control.faultCalls(checked<CallFaultRule>(body, ['call', 'fault'], CALL_WORDS)),
  ),
  post('/scripts', (control, { body }) => control.setScript(checked<ScriptRule>(body, ['script']))),
  post('/pay', (control, { body }) =>
    control.pay(checked<PayOrder>(body, ['gateway', 'reference', 'action'])),
  ),
  post('/clock', (control, { body }) =>
    control.advance(checked<{ advanceSeconds: number }>(body, ['advanceSeconds']).advanceSeconds),
  ),
  get('/effects', (control) => control.effects()),
  get('/effects/:reference', (control, { params }) => control.effectsOf(params['reference']!)),
  post('/hold', (control, { body }) => control.hold(checked<Hold>(body, ['call', 'when']))),
  get('/held', (control) => control.held()),
  post('/release', (control) => control.release()),
  post('/reset', (control) => control.reset()),
]
