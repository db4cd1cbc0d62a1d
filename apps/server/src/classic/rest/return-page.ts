import type { PaymentStatus } from '@toota/contract'

type Page = { readonly status: number; readonly html: string }

/** What a customer sees who comes back from the payment page, before he closes it and goes on in his app. */
export function returnPage(status: PaymentStatus): Page {
  const { code, title, text, tone } = WORDS[status]
  return { status: code, html: page(title, text, tone) }
}

type Words = { readonly code: number; readonly title: string; readonly text: string; readonly tone: string }

const PAID: Words = {
  code: 200,
  title: 'Paid',
  text: 'Thank you. You can close this page and go on in the app: now pick a driver.',
  tone: 'good',
}
const WAITING: Words = {
  code: 200,
  title: 'Not paid yet',
  text: 'We have not heard of your payment yet. If you have paid, wait a moment: nothing is lost. If you have not, go back and try again.',
  tone: 'wait',
}
const FAILED: Words = {
  code: 400,
  title: 'Not paid',
  text: 'This payment did not work, and nothing was taken. Go back to the app to try again, or to pay in another way.',
  tone: 'bad',
}
const RETURNED: Words = {
  code: 200,
  title: 'Money returned',
  text: 'This payment is on its way back to you, or is back already.',
  tone: 'wait',
}
const LESS: Words = {
  code: 200,
  title: 'Not the whole amount',
  text: 'Less than the fare came in. It is kept as your credit: go back to the app to pay the rest.',
  tone: 'wait',
}

const WORDS: Readonly<Record<PaymentStatus, Words>> = {
  created: WAITING,
  pending: WAITING,
  unknown: WAITING,
  success: PAID,
  failed: FAILED,
  underpaid: LESS,
  refunding: RETURNED,
  refunded: RETURNED,
  reversed: RETURNED,
}

const STYLE = `
  body { font: 1.125rem/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f6f6f4; color: #1a1a1a }
  main { max-width: 26rem; margin: 1rem; padding: 1.5rem; background: #fff; border-radius: .75rem; border-top: .5rem solid #6b6b6b }
  .good { border-color: #1f7a3d } .bad { border-color: #b3261e } .wait { border-color: #a66300 }
  h1 { font-size: 1.5rem; margin: 0 0 .5rem } p { margin: 0 }
  @media (prefers-color-scheme: dark) { body { background: #181818; color: #eee } main { background: #242424 } }`

const page = (title: string, text: string, tone: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Toota: ${title.toLowerCase()}</title><style>${STYLE}</style></head>
<body><main class="${tone}"><h1>${title}</h1><p>${text}</p></main></body></html>
`
