import { Loc } from '@toota/contract'
import { expect, it } from 'vitest'
import { isLoc } from './read-frame.ts'

const PLACE = { t: 'loc', latitude: -26.2, longitude: 28.04 }
const VALUES = [undefined, null, -1, 0, 1.5, 42, 1e6, 2 ** 53, '', 'x', 'x'.repeat(65), 'a\0b', true, {}, []]
const TIMES = ['2026-11-25T10:00:00Z', '2026-11-25T10:00:00.123+02:00', '2026-02-31T10:00:00Z', '10:00']
const FIELDS = ['latitude', 'longitude', 'n', 's', 'at', 'accuracyMeters', 'headingDegrees', 'speedMps', 'x']

it('[LV6] a fix is seen by hand exactly as its schema sees it', () => {
  const frames: unknown[] = [
    null,
    1,
    'loc',
    [],
    {},
    PLACE,
    { ...PLACE, t: 'trail' },
    { ...PLACE, latitude: 91 },
  ]
  for (const field of FIELDS)
    for (const value of [...VALUES, ...TIMES])
      frames.push(JSON.parse(JSON.stringify({ ...PLACE, [field]: value })))
  frames.push(JSON.parse('{"t":"loc","latitude":1,"longitude":2,"__proto__":{"n":1}}'))
  for (const frame of frames) expect([frame, isLoc(frame)]).toEqual([frame, Loc.safeParse(frame).success])
})
