// Ids of the demo: made from the demo's own short names, so that every part of a development set-up reaches the same ones.
import type { AuthorityId, TenantId, UnitId, UserId } from '#libs/domain'
import { id } from '#libs/domain'
import { createHash } from 'node:crypto'

/** The first 16 bytes of SHA-256(`sluss-demo/<name>`) as a UUID. The development identity provider and scripts compute the same. */
export function demoId(name: string): string {
  const hex = createHash('sha256').update(`sluss-demo/${name}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

export const tenantIdOf = (tenant: string): TenantId => id<TenantId>(demoId(tenant))
export const unitIdOf = (unit: string): UnitId => id<UnitId>(demoId(unit))
export const userIdOf = (persona: string): UserId => id<UserId>(demoId(persona))
/** An authority is a board of a kommun, or the tenant itself where it has no boards (domain.md § 1). */
export const authorityIdOf = (tenant: string, board: string | null): AuthorityId =>
  id<AuthorityId>(demoId(board === null ? `${tenant}/authority` : `${tenant}/${board}`))

/** A salt of the demo: stable, so that entering the organisations again changes no certified label. */
export const demoSalt = (persona: string): string =>
  createHash('sha256').update(`sluss-demo-salt/${persona}`).digest('base64')
