import type { components } from '../api-types.ts'
import type { LiveEvent } from './frames.ts'
import type { Live } from './live.ts'
import type { StateSnapshot } from './stream.ts'

type Schemas = components['schemas']

/** As much of a trip as events tell. */
export type FoldedTrip = {
  readonly id: string
  readonly status: Schemas['Trip']['status']
  /** Grows by one with each change of status. */
  readonly version: number
  readonly payment?: Pick<Schemas['Payment'], 'method' | 'status'> | undefined
}

/** What an account has under way, and what has ended since the last snapshot. */
export type Folded = {
  readonly trips: ReadonlyMap<string, FoldedTrip>
  /** The offer that waits for this driver's answer. */
  readonly openOffer: { readonly id: string; readonly tripId: string } | undefined
}

/** The state as far as it was told. */
export type Mirror = { readonly state: Folded; stop(): void }

export const NOTHING: Folded = { trips: new Map(), openOffer: undefined }

/** The state after one more piece of news; what is given is not changed. Of a trip the newer version wins, whatever comes first. */
export function fold(state: Folded, news: LiveEvent | StateSnapshot): Folded {
  if (!('kind' in news)) return fromSnapshot(news)
  switch (news.kind) {
    case 'trip.changed': {
      const { tripId: id, status, version } = news.data
      const known = state.trips.get(id)
      if (known && known.version >= version) return state
      return closeOffer(withTrip(state, { ...known, id, status, version }), id, status)
    }
    case 'payment.changed': {
      const { tripId, method, status } = news.data
      const known = state.trips.get(tripId)
      return known ? withTrip(state, { ...known, payment: { method, status } }) : state
    }
    case 'offer.opened':
      return { ...state, openOffer: { id: news.data.offerId, tripId: news.data.tripId } }
    case 'offer.ended':
      return state.openOffer?.id === news.data.offerId ? { ...state, openOffer: undefined } : state
    default:
      return state
  }
}

/** What was accepted is no offer any more; no event of its own says so. */
const closeOffer = (state: Folded, tripId: string, status: FoldedTrip['status']): Folded =>
  status === 'accepted' && state.openOffer?.tripId === tripId ? { ...state, openOffer: undefined } : state

const withTrip = (state: Folded, trip: FoldedTrip): Folded => ({
  ...state,
  trips: new Map(state.trips).set(trip.id, trip),
})

function fromSnapshot({ state: { trips, offers } }: StateSnapshot): Folded {
  const [offer] = offers
  return {
    trips: new Map(
      trips.map(({ id, status, version, payment }) => [id, summary(id, status, version, payment)]),
    ),
    openOffer: offer && { id: offer.id, tripId: offer.tripId },
  }
}

const summary = (
  id: string,
  status: FoldedTrip['status'],
  version: number,
  payment: Schemas['Payment'] | null,
): FoldedTrip => ({
  id,
  status,
  version,
  payment: payment ? { method: payment.method, status: payment.status } : undefined,
})

/** Folds what is told from now on: made before `live.connect({ snapshot: true })`, it has the whole state. */
export function createMirror(live: Pick<Live, 'on'>): Mirror {
  let state = NOTHING
  const take = (news: LiveEvent | StateSnapshot): void => void (state = fold(state, news))
  const ends = [live.on('snapshot', take), live.on('event', take)]
  return {
    get state() {
      return state
    },
    stop: () => {
      for (const end of ends) end()
    },
  }
}
