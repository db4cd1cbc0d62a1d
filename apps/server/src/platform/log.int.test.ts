import { expect, it } from 'vitest'
import { createTestDatabase } from '../../test/test-database.ts'
import { errorEntry } from './log.ts'

it("[OP9] a logged error of the database has none of the row's values", async () => {
  const database = await createTestDatabase()
  const { db } = database
  const row = { id: '00000000-0000-4000-8000-00000000000a', recipient: 'canary@example.org', subject: 's' }
  await db.single.insertInto('mail').values(row).execute()
  const recipient = 'canary@example.org'.repeat(2)
  const failures = [
    db.single.insertInto('mail').values(row).execute(),
    db.single
      .insertInto('mail')
      .values({ ...row, recipient, subject: null as never })
      .execute(),
  ]
  for (const failure of failures) {
    const error: unknown = await failure.catch((caught: unknown) => caught)
    expect(JSON.stringify(error)).toContain('0000a')
    const entry = errorEntry(new Error('while saving', { cause: error }))
    expect(entry).toMatchObject({
      message: 'while saving',
      cause: { code: expect.stringMatching(/^23/) as string },
    })
    expect(JSON.stringify(entry)).not.toMatch(/canary|0000a/)
  }
  await database.drop()
})
