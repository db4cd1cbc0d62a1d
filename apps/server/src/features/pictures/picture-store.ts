import { sql } from 'kysely'
import { Refusal, type AccountId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'

export type NewPicture = { readonly name: string; readonly isPrivate: boolean }

/** Rows of pictures that belong to nothing yet. */
export async function insertPictures(
  tx: Tx,
  accountId: AccountId,
  pictures: readonly NewPicture[],
): Promise<void> {
  await tx
    .insertInto('picture')
    .values(pictures.map(({ name, isPrivate }) => ({ name, account_id: accountId, is_private: isPrivate })))
    .execute()
}

/** Those of the account's pictures that are part of nothing yet and may still be attached. */
export async function findLoosePictures(
  tx: Tx,
  accountId: AccountId,
  names: readonly string[],
): Promise<NewPicture[]> {
  const { rows } = await sql<NewPicture>`
    select name, is_private as "isPrivate" from picture
    where account_id = ${accountId} and name = any(${names}::text[]) and attached_at is null
      and created_at > clock_timestamp() - make_interval(mins => ${ATTACHABLE_MINUTES})`.execute(tx)
  return rows
}

/**
 * New pictures are in use from now on and old ones no longer. Refuses `busy` when a new one is so old that it may be
 * on its way out already.
 */
export async function replacePictures(
  tx: Tx,
  accountId: AccountId,
  { now, before }: { readonly now: readonly string[]; readonly before: readonly string[] },
): Promise<void> {
  if (now.length === 0 && before.length === 0) return
  const { rows } = await sql<{ isAttached: boolean }>`
    update picture
    set attached_at = coalesce(attached_at, clock_timestamp()),
        detached_at = case when name = any(${before}::text[]) then clock_timestamp() end
    where account_id = ${accountId} and detached_at is null
      and (name = any(${before}::text[])
           or (name = any(${now}::text[]) and attached_at is null
               and created_at > clock_timestamp() - make_interval(mins => ${ATTACHABLE_MINUTES})))
    returning name = any(${now}::text[]) as "isAttached"`.execute(tx)
  if (rows.filter(({ isAttached }) => isAttached).length < now.length) throw new Refusal('busy')
}

const ATTACHABLE_MINUTES = 30
/** Longer than anybody may still attach a picture, and than somebody may look at a page with the old one. */
const LOOSE_MINUTES = 60
const REMOVAL_LEASE_MINUTES = 5

/** Takes pictures that nothing uses: never attached or detached, for an hour. Others leave them alone for a while. */
export async function claimLoosePictures(tx: Tx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    update picture set removal_began_at = clock_timestamp()
    where name in (
      select name from picture
      where (attached_at is null or detached_at is not null)
        and coalesce(detached_at, created_at) < clock_timestamp() - make_interval(mins => ${LOOSE_MINUTES})
        and (removal_began_at is null
             or removal_began_at < clock_timestamp() - make_interval(mins => ${REMOVAL_LEASE_MINUTES}))
      order by coalesce(detached_at, created_at) limit ${limit} for update skip locked)
    returning name`.execute(tx)
  return rows.map(({ name }) => name)
}

export async function deletePictures(tx: Tx, names: readonly string[]): Promise<void> {
  await sql`delete from picture where name = any(${names}::text[])`.execute(tx)
}

/** Whether the picture of this name is for everybody; undefined: there is none. */
export async function findPrivacy(tx: Tx, name: string): Promise<'public' | 'private' | undefined> {
  const row = await tx.selectFrom('picture').select('is_private').where('name', '=', name).executeTakeFirst()
  return row && (row.is_private ? 'private' : 'public')
}
