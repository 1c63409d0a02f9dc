// A database of one's own for a suite: a copy of the migrated template, with the settable clock, dropped at the end.
import { randomUUID } from 'node:crypto'
import { setClock } from '#libs/persistence'
import pg from 'pg'
import { passwords, urlOf } from './template.ts'

export type TestDatabase = {
  /** As the superuser: sees every row, for controls. */
  readonly adminUrl: string
  readonly ownerUrl: string
  readonly appUrl: string
  readonly readUrl: string
  /** Sets the database's clock to run on from `at`. */
  readonly setClock: (at: Date | 'real') => Promise<void>
  readonly drop: () => Promise<void>
}

export const redisUrl = (): string => fromSetUp('SLUSS_TEST_REDIS')

/** A copy of the migrated template, or of another test database to which nobody is connected. */
export async function freshDatabase(like?: TestDatabase): Promise<TestDatabase> {
  const admin = fromSetUp('SLUSS_TEST_POSTGRES')
  const template = fromSetUp('SLUSS_TEST_TEMPLATE')
  const copied = like === undefined ? template : new URL(like.adminUrl).pathname.slice(1)
  const name = `${template}_${randomUUID().slice(0, 8)}`
  await once(admin, `create database ${name} template ${copied} owner sluss_owner`)
  await once(
    admin,
    `revoke all on database ${name} from public; grant connect on database ${name} to sluss_app, sluss_read`,
  )
  const adminUrl = urlOf(admin, name)
  return {
    adminUrl,
    ownerUrl: urlOf(admin, name, 'sluss_owner', passwords.ownerPassword),
    appUrl: urlOf(admin, name, 'sluss_app', passwords.appPassword),
    readUrl: urlOf(admin, name, 'sluss_read', passwords.readPassword),
    setClock: (at) => setClock(adminUrl, at),
    drop: () => once(admin, `drop database if exists ${name} with (force)`),
  }
}

/** Several statements at once, on a connection of their own. */
export async function once(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

function fromSetUp(name: string): string {
  const value = process.env[name]
  if (value === undefined)
    throw new Error(`${name} is missing: run by way of the integration project, whose global set-up starts the servers`)
  return value
}

/** The rows of one statement, as the superuser. */
export async function rowsOf<Row extends object>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql, [...values])).rows
  } finally {
    await client.end()
  }
}

/** Keeps everybody else from a table until it is let go. */
export async function holding(url: string, table: string): Promise<{ readonly letGo: () => Promise<void> }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`begin; lock table ${client.escapeIdentifier(table)} in access exclusive mode`)
  return { letGo: () => client.end() }
}
