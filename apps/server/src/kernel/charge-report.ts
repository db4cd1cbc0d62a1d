/** Money that a gateway says it took; not yet compared with what was due. */
export type ChargeReport = {
  readonly reference: string
  /** The gateway's id of the transaction. */
  readonly gatewayId: string
  readonly amountMinor: number
  /** As the gateway spells it, upper-cased; may be none of ours. */
  readonly currency: string
  /** What the gateway was asked for, where it says so. */
  readonly requestedMinor: number | null
  /** What it keeps of the amount; 0 where it does not say. */
  readonly feeMinor: number
  /** False for money of a test mode. */
  readonly isLive: boolean
}

/** `missing`: never heard of the reference. `open`: not final, the customer may still pay. */
export type Verification =
  | { readonly state: 'missing' }
  | { readonly state: 'open' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'paid' | 'reversed'; readonly charge: ChargeReport }
