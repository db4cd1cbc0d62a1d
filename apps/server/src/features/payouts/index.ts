export { advancePayoutByReference } from './advance-payout.ts'
export { sendPayouts } from './send-payouts.ts'
