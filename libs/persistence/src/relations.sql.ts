// The policy's list relations in SQL: each the twin of a predicate in libs/policy/src/relations.ts, over rows instead of facts.
// They judge by the transaction's own settings and the database's clock; a test compares them with the policy.
import type { Condition, ListRelationName, Scope } from '#libs/policy'

/** Which columns of the listed row stand for what a relation speaks of; a relation without its column holds for no row. */
export type RowColumns = {
  readonly case?: string
  readonly message?: string
  readonly authority?: string
  readonly tenant?: string
  /** The row is itself an assignment, or a party, by this alias: what its own columns say is not looked up again. */
  readonly assignment?: string
  readonly party?: string
}

const me = '(select sluss_user())'
const mine = '(select sluss_authority())'
const now = '(select sluss_now())'
/** By the authority of the session: what another says of the person is nothing to hers. */
const standingOf = (alias: string): string =>
  `${alias}.user_id = ${me} and ${alias}.authority_id = ${mine} and ${alias}.state = 'standing' and ${alias}.valid_until > ${now}`
const standing = standingOf('a')
/** The same of a row that a list has found by its index: a `case` only filters, and lets the planner expect as many as there are. */
const standingRow = (alias: string): string =>
  `case when ${alias}.user_id = ${me} and ${alias}.authority_id = ${mine} then ${alias}.state = 'standing' and ${alias}.valid_until > ${now} else false end`
const unitNamed = (alias: string): string =>
  `${alias}.authority_id = ${mine} and (${alias}.units is null or ${alias}.units && array(select u.unit_id from user_units u where u.user_id = ${me}))`

/** Looked up for each row by its key. Of `exists` the planner may make a list of all that the person has, for each page of it. */
const there = (rows: string): string => `(select true from ${rows} limit 1) is not null`
const notThere = (rows: string): string => `(select true from ${rows} limit 1) is null`

const ofCase = (row: RowColumns, sql: (column: string) => string): string =>
  row.case === undefined ? 'false' : sql(row.case)
const ofMessage = (row: RowColumns, sql: (column: string) => string): string =>
  row.message === undefined ? 'false' : sql(row.message)

export const relationSql: Readonly<Record<ListRelationName, (row: RowColumns) => string>> = {
  certified: () =>
    `exists (select 1 from staff_keys k where k.user_id = ${me} and k.state = 'certified' and k.valid_until > ${now})`,
  assigned: (row) =>
    row.assignment !== undefined
      ? standingRow(row.assignment)
      : ofCase(row, (column) => there(`assignments a where a.case_id = ${column} and ${standing}`)),
  notBarred: (row) =>
    ofCase(row, (column) =>
      notThere(
        `assignments a where a.case_id = ${column} and a.user_id = ${me} and a.authority_id = ${mine} and a.state = 'barred'`,
      ),
    ),
  ownAuthorityNamed: (row) =>
    row.party !== undefined
      ? `${row.party}.authority_id = ${mine}`
      : ofCase(row, (column) => there(`parties p where p.case_id = ${column} and p.authority_id = ${mine}`)),
  ownUnitNamed: (row) =>
    row.party !== undefined
      ? unitNamed(row.party)
      : ofCase(row, (column) => there(`parties p where p.case_id = ${column} and ${unitNamed('p')}`)),
  sourceIsOwnOrFlowCovers: (row) =>
    ofMessage(
      row,
      (column) =>
        `exists (select 1 from seals s join readers r on r.key_id = s.key_id where s.message_id = ${column}
          and r.user_id = ${me} and r.valid_from <= ${now} and r.valid_until > ${now})`,
    ),
  categoryAssigned: (row) =>
    ofMessage(
      row,
      (column) =>
        `exists (select 1 from seals s join content_keys k on k.id = s.key_id join assignments a on a.case_id = k.case_id
          where s.message_id = ${column} and ${standing} and k.category = any (a.categories))`,
    ),
  // Blocking (domain.md § 7) comes with the statements that say it; until then no row reaches a blocked subject.
  notReachingBlockedSubject: () => 'true',
  ofOwnTenant: (row) => (row.tenant === undefined ? 'false' : `${row.tenant} = (select sluss_tenant())`),
  ofOwnAuthority: (row) => (row.authority === undefined ? 'false' : `${row.authority} = ${mine}`),
  inTheDirectory: () => 'true',
}

/** The ways in which a scope lets a row through, any one of which is enough, with the relations that each asks. */
export function waysOf(
  scope: Scope,
): readonly { readonly asks: ReadonlySet<string>; readonly sql: (row: RowColumns) => string }[] {
  if (scope.condition === null) return []
  const ways = scope.condition.operator === 'or' ? scope.condition.value : [scope.condition]
  return ways.map((way) => ({ asks: namesIn(way), sql: (row) => conditionSql(way, row) }))
}

function namesIn(condition: Condition): ReadonlySet<string> {
  if (condition.operator === 'relation') return new Set([condition.name])
  // Of what is joined by `or` none is certain to be asked.
  if (condition.operator === 'or') return new Set()
  return new Set(condition.value.flatMap((part) => [...namesIn(part)]))
}

/** The scope as a condition on rows. Nothing allowed, an empty list of conditions and an unknown name are all `false`. */
export function scopeSql(scope: Scope, row: RowColumns): string {
  return scope.condition === null ? 'false' : conditionSql(scope.condition, row)
}

function conditionSql(condition: Condition, row: RowColumns): string {
  if (condition.operator === 'relation') return isListed(condition.name) ? relationSql[condition.name](row) : 'false'
  if (condition.value.length === 0) return 'false'
  return `(${condition.value.map((part) => conditionSql(part, row)).join(` ${condition.operator} `)})`
}

const isListed = (name: string): name is ListRelationName => Object.hasOwn(relationSql, name)
