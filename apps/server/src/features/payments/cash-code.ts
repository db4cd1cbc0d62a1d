import type { PaymentId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'

/** Six digits that only the customer is shown; who knows them was told so by him. Nothing of it is stored. */
export const cashCodeOf = (tokens: Platform['tokens'], paymentId: PaymentId): string =>
  String(tokens.digest('cash-code', paymentId).readUInt32BE(0) % 1_000_000).padStart(6, '0')
