import type { Money } from '@toota/sdk'

const PATIENCE_MS = 15_000
const HEADERS = { accept: 'text/html' }
/** What the test gateway says on each of its pages. */
const TEST_SIGN = 'TEST GATEWAY'

/** The page cannot be played: it is a real payment service's, or out of reach. */
export class NoTestPage extends Error {
  override readonly name = 'NoTestPage'
}

/**
 * What a customer does in a browser: looks at the page, presses a button, and is led back to the server. Only on a page
 * that says that it is a test.
 */
export async function press(link: string, action: 'pay' | 'decline', amount: Money): Promise<void> {
  const page = await open(link)
  const shown = `${amount.currency} ${(amount.amountMinor / 100).toFixed(2)}`
  if (!page.includes(shown)) throw new Error(`the payment page does not ask for ${shown}`)
  const form = { method: 'POST', body: new URLSearchParams({ action }), headers: HEADERS }
  const back = await fetch(link, { ...form, signal: AbortSignal.timeout(PATIENCE_MS) })
  await back.text()
}

async function open(link: string): Promise<string> {
  const page = await fetch(link, { headers: HEADERS, signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    (response) => response.text(),
    () => undefined,
  )
  if (page === undefined) throw new NoTestPage(`The payment page ${new URL(link).origin} is out of reach`)
  if (!page.includes(TEST_SIGN))
    throw new NoTestPage(`The payment page ${new URL(link).origin} is no test gateway's`)
  return page
}
