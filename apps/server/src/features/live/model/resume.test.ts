import { expect, it } from 'vitest'
import { judgeResume } from './resume.ts'

const standing = { epoch: 'a', seq: 1_000, oldest: 700 }
const judge = (seq: number, at = standing as Parameters<typeof judgeResume>[1], epoch = 'a') =>
  judgeResume({ epoch, seq }, at)

it('[LV9] resumes within the numbering, from what is kept, over at most 500 events', () => {
  expect([1_000, 999, 699].map((seq) => judge(seq))).toEqual([undefined, undefined, undefined])
  expect([698, 0].map((seq) => judge(seq))).toEqual(['pruned', 'pruned'])
  expect(judge(1_001)).toBe('epoch')
  expect(judge(1_000, standing, 'b')).toBe('epoch')

  const whole = { epoch: 'a', seq: 1_000, oldest: 1 }
  expect([500, 499, 0].map((seq) => judge(seq, whole))).toEqual([undefined, 'too-far', 'too-far'])
})

it('[LV9] a stream of which nothing is kept can only be resumed at its end', () => {
  const empty = { epoch: 'a', seq: 0, oldest: null }
  expect([judge(0, empty), judge(1, empty)]).toEqual([undefined, 'epoch'])
  const forgotten = { epoch: 'a', seq: 5, oldest: null }
  expect([judge(5, forgotten), judge(4, forgotten)]).toEqual([undefined, 'pruned'])
})
