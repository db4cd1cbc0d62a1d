/** What may go wrong with a call. */
export const CALL_FAULTS = [
  'reset-before',
  'reset-after',
  'stall',
  '429',
  'status-false',
  '500',
  'html',
  'truncated',
  'huge',
  'nan',
  'text-amount',
  'before-init-response',
] as const
export type CallFault = (typeof CALL_FAULTS)[number]

/** Which calls a fault is for: those with this name, `times` (1) of them beginning with the `nth` from now (1). */
export type CallFaultRule = {
  readonly call: string
  readonly fault: CallFault
  readonly nth?: number
  readonly times?: number
  /** How long `stall` holds before its 503 (28,000), and how much `huge` sends (50,000,000). */
  readonly stallMs?: number
  readonly hugeBytes?: number
  readonly retryAfterSeconds?: number
  /** Whether the call does its work before it fails, where that differs from the usual. */
  readonly isProcessed?: boolean
}

const DEFAULTS = { nth: 1, times: 1, stallMs: 28_000, hugeBytes: 50_000_000, retryAfterSeconds: 1 }

/** A fault as it befalls one call. */
export type DueFault = Required<CallFaultRule>

/** After these the work is done; only the answer is spoiled. */
const PROCESSED: readonly CallFault[] = [
  'reset-after',
  'truncated',
  'huge',
  'nan',
  'text-amount',
  'before-init-response',
]

/** Deals out faults call by call. */
export class FaultBook {
  #rules: { readonly fault: DueFault; wait: number; left: number }[] = []

  add(rule: CallFaultRule): void {
    const fault = { ...DEFAULTS, isProcessed: PROCESSED.includes(rule.fault), ...rule }
    this.#rules.push({ fault, wait: fault.nth - 1, left: fault.times })
  }

  /** The fault of this call; every rule for such calls counts it. */
  take(call: string): DueFault | undefined {
    let due: DueFault | undefined
    for (const rule of this.#rules) {
      if (rule.fault.call !== call || rule.left === 0) continue
      if (rule.wait > 0) rule.wait -= 1
      else if (!due) {
        rule.left -= 1
        due = rule.fault
      }
    }
    return due
  }

  clear(): void {
    this.#rules = []
  }
}

/** The answer's first half, as a connection that breaks would leave it. */
export const truncate = (text: string): string => text.slice(0, Math.ceil(text.length / 2))

/** The answer with amounts that are no numbers: NaN, which is no JSON either, or text. */
export const spoilAmounts = (text: string, fault: 'nan' | 'text-amount'): string =>
  text.replace(/("(?:requested_|charged_)?amount":)"?[\d.]+"?/g, fault === 'nan' ? '$1NaN' : '$1"abc"')

/** Many bytes of JSON that never ends well. */
export function* flood(bytes: number): Generator<string> {
  const piece = 'x'.repeat(64 * 1024)
  yield '{"status":true,"message":"'
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece
}
