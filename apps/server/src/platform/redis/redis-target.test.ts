import { describe, expect, it } from 'vitest'
import { parseRedisUrl, placeOfRedis } from './redis-target.ts'

const of = (text: string) => parseRedisUrl(text)

describe('REDIS_URL', () => {
  it('[RD1] names one server, a master by its Sentinels, or a Cluster', () => {
    expect(of('redis://127.0.0.1:6380/3')).toMatchObject({
      kind: 'single',
      hosts: [{ host: '127.0.0.1', port: 6380 }],
      database: 3,
      isEncrypted: false,
    })
    expect(of('rediss://toota:p%40ss@cache.example.com')).toMatchObject({
      hosts: [{ host: 'cache.example.com', port: 6379 }],
      username: 'toota',
      password: 'p@ss',
      isEncrypted: true,
    })
    expect(of('redis://:secret@[::1]:7000')).toMatchObject({
      hosts: [{ host: '::1', port: 7000 }],
      username: undefined,
      password: 'secret',
    })
    expect(of('redis+sentinel://a,b:26380,c/mymaster/2')).toMatchObject({
      kind: 'sentinel',
      hosts: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 26380 },
        { host: 'c', port: 26379 },
      ],
      masterName: 'mymaster',
      database: 2,
    })
    expect(of('rediss+cluster://a:7000,b:7001')).toMatchObject({ kind: 'cluster', isEncrypted: true })
  })

  it.each([
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://a,b',
    'redis://a:0',
    'redis://a:70000',
    'redis://a/notanumber',
    'redis://a/1/2',
    'redis://user:%E0%A4%A@a',
    'redis+sentinel://a',
    'redis+cluster://a/1',
    'redis+cluster://a,,b',
    'redis+ring://a',
  ])('[RD1] refuses what it does not understand: %s', (text) => {
    expect(of(text)).toBeUndefined()
  })

  it('[RD1] is shown without its password', () => {
    expect(placeOfRedis(of('redis+sentinel://u:secret@a:1,b:2/main')!)).toBe('sentinel a:1, b:2 (main)')
  })
})
