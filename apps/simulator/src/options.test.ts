import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

describe('the options', () => {
  it('[SI12] has defaults, and reads what is given', () => {
    expect(readOptions([], {})).toMatchObject({
      trips: 10,
      seed: 1,
      drivers: 20,
      customers: 5,
      isJson: false,
    })
    expect(readOptions(['--trips', '100', '--json'], { BASE_URL: 'http://x:1/' })).toMatchObject({
      baseUrl: 'http://x:1',
      trips: 100,
      isJson: true,
    })
  })

  it('[SI12] refuses nonsense by its name', () => {
    for (const bad of ['0', '-1', '1.5', 'many', '']) {
      expect(() => readOptions([`--trips=${bad}`], {})).toThrow('--trips must be a whole number')
    }
    expect(() => readOptions(['--colour'], {})).toThrow('--colour')
  })
})
