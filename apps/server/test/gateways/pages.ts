import { GATEWAY_PARTS } from './gateway-parts.ts'
import type { Payment } from './state.ts'
import { act } from './steps.ts'
import type { GatewayName } from './wire.ts'
import type { CustomerAction, World } from './world.ts'

const GATEWAY_TITLES: Readonly<Record<GatewayName, string>> = {
  paystack: 'Paystack',
  flutterwave: 'Flutterwave',
  yoco: 'Yoco',
}

/** A page, or where the browser is to go instead. */
export type PageReply = { readonly status: number; readonly html: string } | { readonly location: string }

/** The page on which a payment is paid; that it was opened is seen by whoever verifies the payment. */
export function showPage(world: World, gateway: GatewayName, token: string): PageReply {
  const payment = world.state.paymentOfPage(gateway, token)
  if (!payment) return unknownPage()
  if (payment.status === 'created') payment.status = 'opened'
  return { status: 200, html: pageOf(payment) }
}

/** What the customer chose on the page, and then back to the merchant. */
export function choose(
  world: World,
  gateway: GatewayName,
  token: string,
  action: CustomerAction | undefined,
): PageReply {
  const payment = world.state.paymentOfPage(gateway, token)
  if (!payment || !action) return unknownPage()
  act(world, payment, action)
  const location = GATEWAY_PARTS[gateway].returnUrl(payment, action)
  return location === null ? { status: 200, html: pageOf(payment) } : { location }
}

const BUTTONS =
  '<form method="post"><button name="action" value="pay" class="pay">Pay</button>' +
  '<button name="action" value="decline">Decline the card</button>' +
  '<button name="action" value="cancel">Cancel</button></form>'

function pageOf(payment: Payment): string {
  const { gateway, amountMinor, currency, email, reference, status, returnUrls } = payment
  const amount = `${currency} ${(amountMinor / 100).toFixed(2)}`
  const isPaid = status === 'paid'
  const rows = [
    ['Reference', reference],
    ['E-mail', email ?? '–'],
    ['Status', isPaid ? 'Paid' : status === 'declined' ? 'Declined; you may try again' : 'Not paid'],
  ]
  const back = isPaid && returnUrls.paid !== null ? GATEWAY_PARTS[gateway].returnUrl(payment, 'pay') : null
  return layout(
    `Pay ${amount}`,
    `<p class="gateway">Plays ${GATEWAY_TITLES[gateway]}</p>
<h1>${escape(amount)}</h1>
<dl>${rows.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escape(value)}</dd>`).join('')}</dl>
${isPaid ? '<p role="status">This payment is paid.</p>' : BUTTONS}
${back === null ? '' : `<p><a href="${escape(back)}">Back to the merchant</a></p>`}`,
  )
}

const STYLE = `
:root{color-scheme:light dark}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:light-dark(#f3f4f6,#111827);color:light-dark(#111827,#f3f4f6)}
header{padding:.75rem 1rem;background:#b91c1c;color:#fff;font-weight:700;text-align:center}
main{max-width:24rem;margin:1.5rem auto;padding:0 1rem}
.gateway{margin:0;color:light-dark(#4b5563,#9ca3af)}
h1{margin:.25rem 0 1rem;font-size:2rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}
dt{color:light-dark(#4b5563,#9ca3af)}
dd{margin:0;overflow-wrap:anywhere}
button{display:block;width:100%;min-height:3rem;margin:.75rem 0;border:1px solid light-dark(#6b7280,#9ca3af);border-radius:.5rem;background:none;color:inherit;font:inherit;cursor:pointer}
.pay{border-color:#15803d;background:#15803d;color:#fff;font-weight:700}
button:focus-visible,a:focus-visible{outline:3px solid light-dark(#1d4ed8,#93c5fd);outline-offset:2px}
a{color:inherit}`

const layout = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – test gateway</title>
<style>${STYLE}</style>
</head>
<body>
<header>TEST GATEWAY – no real money</header>
<main>
${content}
</main>
</body>
</html>
`

const unknownPage = (): PageReply => ({
  status: 404,
  html: layout(
    'Nothing to pay',
    '<h1>Nothing to pay here</h1><p>This link is unknown or no longer valid.</p>',
  ),
})

const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
