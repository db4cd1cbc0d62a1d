import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

/** A migrated database of the server's own; nothing here ever looks into it. */
export async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const { adminUrl, template, prefix } = inject('postgres')
  const name = `${prefix}${randomBytes(6).toString('hex')}`
  if (!/^toota_test_[0-9a-z_]+$/.test(name)) throw new Error(`not a test database: ${name}`)
  const onServer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: adminUrl })
    await client.connect()
    await client.query(statement).finally(() => client.end())
  }
  await onServer(`create database ${name} template ${template}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return { url: url.toString(), drop: () => onServer(`drop database if exists ${name} with (force)`) }
}
