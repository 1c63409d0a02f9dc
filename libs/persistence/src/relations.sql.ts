// The policy's list relations in SQL: each the twin of a predicate in libs/policy/src/relations.ts, over rows instead of facts.
// They judge by the transaction's own settings and the database's clock; a test compares them with the policy.
import type { Condition, ListRelationName, Scope } from '#libs/policy'

/** Which columns of the listed row stand for what a relation speaks of; a relation without its column holds for no row. */
export type RowColumns = {
  readonly case?: string
  readonly message?: string
  readonly authority?: string
  readonly tenant?: string
}

const me = '(select sluss_user())'
const mine = '(select sluss_authority())'
const now = '(select sluss_now())'
const standing = `a.user_id = ${me} and a.state = 'standing' and a.valid_until > ${now}`

const ofCase = (row: RowColumns, sql: (column: string) => string): string =>
  row.case === undefined ? 'false' : sql(row.case)
const ofMessage = (row: RowColumns, sql: (column: string) => string): string =>
  row.message === undefined ? 'false' : sql(row.message)

export const relationSql: Readonly<Record<ListRelationName, (row: RowColumns) => string>> = {
  certified: () =>
    `exists (select 1 from staff_keys k where k.user_id = ${me} and k.state = 'certified' and k.valid_until > ${now})`,
  assigned: (row) =>
    ofCase(row, (column) => `exists (select 1 from assignments a where a.case_id = ${column} and ${standing})`),
  notBarred: (row) =>
    ofCase(
      row,
      (column) =>
        `not exists (select 1 from assignments a where a.case_id = ${column} and a.user_id = ${me} and a.state = 'barred')`,
    ),
  ownAuthorityNamed: (row) =>
    ofCase(
      row,
      (column) => `exists (select 1 from parties p where p.case_id = ${column} and p.authority_id = ${mine})`,
    ),
  ownUnitNamed: (row) =>
    ofCase(
      row,
      (column) =>
        `exists (select 1 from parties p where p.case_id = ${column} and p.authority_id = ${mine}
          and (p.units is null or p.units && array(select u.unit_id from user_units u where u.user_id = ${me})))`,
    ),
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
  ofOwnOrganisation: (row) => (row.tenant === undefined ? 'false' : `${row.tenant} = (select sluss_tenant())`),
  ofOwnAuthority: (row) => (row.authority === undefined ? 'false' : `${row.authority} = ${mine}`),
  inTheDirectory: () => 'true',
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
