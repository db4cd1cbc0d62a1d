import { describe, expect, it } from 'vitest'
import { PAYOUT_STATES } from '@toota/contract'
import { judge, type Answer, type Verdict } from './judgement.ts'

const said = (state: Extract<Answer, { heard: 'state' }>['state']): Answer => ({
  heard: 'state',
  state,
  gatewayId: '1',
})
const ANSWERS: Readonly<Record<string, Answer>> = {
  sent: said('sent'),
  done: said('done'),
  failed: said('failed'),
  reversed: said('reversed'),
  attention: said('attention'),
  refusal: { heard: 'refusal', reason: 'no such bank' },
  absence: { heard: 'absence' },
  silence: { heard: 'silence', reason: 'timeout' },
}

const inShort = (verdict: Verdict): string =>
  (verdict.verdict === 'wait' ? 'wait' : `${verdict.state}: ${verdict.bookings.join(', ')}`) +
  (verdict.attention === undefined ? '' : ' !')

describe('judge', () => {
  it('[PY6] [PY7] [PY8] [PY9] [PY10] what each answer makes of a payout in each state', () => {
    const table = Object.fromEntries(
      PAYOUT_STATES.map((state) => [
        state,
        Object.fromEntries(
          Object.entries(ANSWERS).map(([name, answer]) => [name, inShort(judge(state, answer))]),
        ),
      ]),
    )
    const open = {
      ...{ sent: 'wait', done: 'paid: done', failed: 'failed: failed', reversed: 'reversed: done, reversed' },
      ...{ attention: 'wait !', refusal: 'failed: failed', absence: 'wait', silence: 'wait' },
    }
    const nothing = Object.fromEntries(Object.keys(ANSWERS).map((name) => [name, 'wait']))
    expect(table).toEqual({
      created: open,
      sent: open,
      paid: { ...nothing, failed: 'reversed: reversed', reversed: 'reversed: reversed' },
      failed: { ...nothing, done: 'paid: done-late !' },
      reversed: nothing,
    })
  })

  it('[PY7] a reason is kept in the words of the gateway', () => {
    expect(judge('sent', { ...said('failed'), reason: 'Account closed' } as Answer)).toMatchObject({
      failure: 'Account closed',
    })
    expect(judge('sent', ANSWERS['refusal']!)).toMatchObject({ failure: 'no such bank' })
    expect(judge('paid', said('reversed'))).toMatchObject({ failure: 'reversed' })
    expect(judge('failed', said('done'))).toMatchObject({ failure: null })
  })
})
