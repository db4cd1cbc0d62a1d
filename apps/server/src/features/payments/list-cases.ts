import type { CaseId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findCases, type MoneyCase } from './case-store.ts'

/** Matters of money that wait for a person, or those that are settled, newest first. */
export async function listCases(
  { db }: Pick<Platform, 'db'>,
  page: { isOpen: boolean; limit: number; cursor?: CaseId | undefined },
): Promise<{ cases: readonly MoneyCase[]; nextCursor: CaseId | null }> {
  const found = await findCases(db.single, { ...page, limit: page.limit + 1 })
  const cases = found.slice(0, page.limit)
  return { cases, nextCursor: found.length > page.limit ? (cases.at(-1)?.id ?? null) : null }
}
