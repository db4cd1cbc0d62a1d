import type { Currency, Market } from '@toota/contract'

type MarketForm = {
  readonly locale: string
  readonly timeZone: string
  /** The tax as the market calls it. */
  readonly tax: string
  readonly taxNumber: string
}

/** How things are written in each market. */
export const MARKET_FORMS: Readonly<Record<Market, MarketForm>> = {
  ZA: { locale: 'en-ZA', timeZone: 'Africa/Johannesburg', tax: 'VAT', taxNumber: 'VAT number' },
  NG: { locale: 'en-NG', timeZone: 'Africa/Lagos', tax: 'VAT', taxNumber: 'TIN' },
  KE: { locale: 'en-KE', timeZone: 'Africa/Nairobi', tax: 'VAT', taxNumber: 'PIN' },
  GH: { locale: 'en-GH', timeZone: 'Africa/Accra', tax: 'VAT, NHIL and GETFund', taxNumber: 'TIN' },
}

/** With the spaces and signs of the market: `R 1 234,50`, `₦1,234.50`. */
export const amount = (market: Market, currency: Currency, amountMinor: number): string =>
  new Intl.NumberFormat(MARKET_FORMS[market].locale, { style: 'currency', currency }).format(
    amountMinor / 100,
  )

/** `15 %`, `7.5 %`. */
export const percent = (market: Market, basisPoints: number): string =>
  `${new Intl.NumberFormat(MARKET_FORMS[market].locale, { maximumFractionDigits: 2 }).format(basisPoints / 100)} %`

export const kilometers = (market: Market, meters: number): string =>
  new Intl.NumberFormat(MARKET_FORMS[market].locale, {
    style: 'unit',
    unit: 'kilometer',
    maximumFractionDigits: 1,
  }).format(meters / 1000)

export const day = (market: Market, at: Date): string => inMarket(market, at, { dateStyle: 'long' })

export const dayAndTime = (market: Market, at: Date): string =>
  inMarket(market, at, { dateStyle: 'long', timeStyle: 'short' })

function inMarket(market: Market, at: Date, style: Intl.DateTimeFormatOptions): string {
  const { locale, timeZone } = MARKET_FORMS[market]
  return new Intl.DateTimeFormat(locale, { ...style, timeZone }).format(at)
}
