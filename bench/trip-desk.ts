import { openBenchSocket, type BenchSocket } from './bench-socket.ts'
import type { Child, Pair } from './child-process.ts'
import { inParts } from './in-parts.ts'

/** A customer and the driver whom he always asks, on the classic sockets. */
export type Desk = {
  readonly address: string
  readonly pair: Pair
  readonly customer: BenchSocket
  readonly driver: BenchSocket
  readonly wheels: BenchSocket
}

const AT_ONCE = 20

export function openDesks({ address, pairs }: Child): Promise<Desk[]> {
  return inParts(pairs, AT_ONCE, async (pair) => {
    const { driverToken, customerToken } = pair
    const desk = {
      address,
      pair,
      customer: await openBenchSocket(`${address}/ws/trips/user/request/`, customerToken),
      driver: await openBenchSocket(`${address}/ws/trips/driver/response/`, driverToken),
      wheels: await openBenchSocket(`${address}/ws/driver/location/`, driverToken),
    }
    await reportPosition(desk)
    return desk
  })
}

/** So that the driver is online for another minute. */
export async function reportPosition({ wheels }: Desk): Promise<void> {
  wheels.send('{"latitude":-26.2041,"longitude":28.0473}')
  await wheels.next('latitude')
}

export type DrivenTrip = { readonly tripId: string; readonly acceptMs: number }

/** Create, cash, confirm, accept: up to where the customer hears that the driver comes. */
export async function makeTrip({ address, pair, customer, driver }: Desk): Promise<DrivenTrip> {
  customer.send(
    JSON.stringify({
      action: 'create_trip',
      vehicle_type: 'Bakkie',
      pickup: '1 Commissioner Street',
      destination: '5 Rivonia Road',
      pickup_lat: -26.2041,
      pickup_lon: 28.0473,
      dest_lat: -26.1076,
      dest_lon: 28.0567,
    }),
  )
  const { trip_id } = JSON.parse(await customer.next('Trip created')) as { trip_id: string }
  const paid = await fetch(`${address}/payment/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${pair.customerToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ trip_id, payment_method: 'cash', currency: 'ZAR' }),
  })
  const answer = await paid.text()
  if (!paid.ok) throw new Error(`payment: ${answer}`)
  customer.send(JSON.stringify({ action: 'confirm_driver', trip_id, driver_id: pair.driverId }))
  await Promise.all([customer.next('Awaiting driver response'), driver.next('new_trip_request')])

  const start = performance.now()
  driver.send(JSON.stringify({ trip_id, driver_response_status: 'accepted' }))
  await customer.next('"status":"accepted"')
  const acceptMs = performance.now() - start
  await driver.next('trip_accepted_confirmation')
  return { tripId: trip_id, acceptMs }
}

/** The customer cancels, and the driver is free again. */
export async function cancelTrip({ customer, driver }: Desk, { tripId }: DrivenTrip): Promise<void> {
  customer.send(JSON.stringify({ action: 'cancel_trip', trip_id: tripId }))
  await Promise.all([customer.next('"status":"cancelled"'), driver.next('trip_cancelled')])
}
