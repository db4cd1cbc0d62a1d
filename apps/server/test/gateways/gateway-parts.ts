import { flutterwave } from './flutterwave.ts'
import { paystack } from './paystack.ts'
import type { GatewayName } from './wire.ts'
import type { GatewayPart } from './world.ts'
import { yoco } from './yoco.ts'

/** The three gateways. */
export const GATEWAY_PARTS: Readonly<Record<GatewayName, GatewayPart>> = { paystack, flutterwave, yoco }
