import type { Market } from '@toota/contract'
import { expect, it } from 'vitest'
import { marketOutlines } from '../market-outlines.ts'
import { marketAt } from './market.ts'

const PLACES: [name: string, latitude: number, longitude: number, market: Market | undefined][] = [
  ['Johannesburg', -26.2041, 28.0473, 'ZA'],
  ['Pretoria', -25.7479, 28.2293, 'ZA'],
  ['Cape Town', -33.9249, 18.4241, 'ZA'],
  ['Durban', -29.8587, 31.0218, 'ZA'],
  ['Gqeberha', -33.9608, 25.6022, 'ZA'],
  ['Musina, on the border with Zimbabwe', -22.3389, 30.0417, 'ZA'],
  ['Lagos', 6.5244, 3.3792, 'NG'],
  ['Abuja', 9.0765, 7.3986, 'NG'],
  ['Kano', 12.0022, 8.592, 'NG'],
  ['Port Harcourt', 4.8156, 7.0498, 'NG'],
  ['Nairobi', -1.2921, 36.8219, 'KE'],
  ['Mombasa', -4.0435, 39.6682, 'KE'],
  ['Kisumu', -0.0917, 34.768, 'KE'],
  ['Accra', 5.6037, -0.187, 'GH'],
  ['Kumasi', 6.6885, -1.6244, 'GH'],
  ['Takoradi', 4.8845, -1.7554, 'GH'],
  ['Maseru in Lesotho', -29.3151, 27.4869, undefined],
  ['Gaborone in Botswana', -24.6282, 25.9231, undefined],
  ['Mbabane in Eswatini', -26.3054, 31.1367, undefined],
  ['Maputo in Mozambique', -25.9692, 32.5732, undefined],
  ['Cotonou in Benin', 6.3703, 2.3912, undefined],
  ['Kampala in Uganda', 0.3476, 32.5825, undefined],
  ['Lomé in Togo, beside the border', 6.1375, 1.2123, undefined],
  ['Berlin', 52.52, 13.405, undefined],
  ['the Atlantic, 100 km off Cape Town', -33.92, 17.2, undefined],
  ['a pole', 90, 0, undefined],
]

it.each(PLACES)('[PR7] %s', (_, latitude, longitude, market) => {
  expect(marketAt(marketOutlines, { latitude, longitude })).toBe(market)
})

it.each([
  ['the Waterfront of Cape Town', -33.9036, 18.4207, 'ZA'],
  ['Sea Point', -33.9155, 18.387, 'ZA'],
  ['Cape Point', -34.3568, 18.4972, 'ZA'],
  ['the harbour mouth of Durban', -29.8717, 31.0596, 'ZA'],
  ['Victoria Island, Lagos', 6.4281, 3.4219, 'NG'],
  ['Apapa, Lagos', 6.4489, 3.3589, 'NG'],
  ['Nyali, Mombasa', -4.0333, 39.71, 'KE'],
  ['the port of Tema', 5.6333, 0.0167, 'GH'],
] as const)('[PR8] at the sea: %s', (_, latitude, longitude, market) => {
  expect(marketAt(marketOutlines, { latitude, longitude })).toBe(market)
})

it('[PR8] at the sea beside the border: the quarter of Lomé that touches Ghana stays in Togo', () => {
  expect(marketAt(marketOutlines, { latitude: 6.118, longitude: 1.203 })).toBeUndefined()
})
