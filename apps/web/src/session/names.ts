// Names of authorities, units and people as the page shows them.
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { AuthorityId, UnitId, UserId } from '#libs/domain'
import type { Directory, StaffMember } from '../crypto/facade.ts'
import { useText } from '../i18n/index.tsx'
import { reads } from './queries.ts'
import { useSession } from './session.tsx'

export type Names = {
  readonly authority: (id: AuthorityId) => string
  readonly unit: (id: UnitId) => string
}

/** Boards of one kommun share a name with other kommuner's: they are named with their kommun. */
export function authorityNames(directory: Directory): ReadonlyMap<AuthorityId, string> {
  const named = directory.flatMap((tenant) =>
    tenant.authorities.map((authority) => {
      const isBoard = tenant.kind === 'kommun' && authority.name !== tenant.name
      return [authority.id, isBoard ? `${authority.name}, ${tenant.name}` : authority.name] as const
    }),
  )
  return new Map(named)
}

export function useNames(): Names {
  const { t } = useText()
  const { data } = useQuery(reads.directory(useSession()))
  return useMemo(() => {
    const authorities = authorityNames(data ?? [])
    const units = new Map(
      (data ?? []).flatMap((of) => of.authorities.flatMap((a) => a.units.map((u) => [u.id, u.name]))),
    )
    return {
      authority: (id) => authorities.get(id) ?? t.shell.pseudonym(id),
      unit: (id) => units.get(id) ?? t.shell.pseudonym(id),
    }
  }, [data, t])
}

/** Names of people by id; a name that does not match its certification shows as the pseudonym (protocol.md § 3). */
export function usePeople(people: readonly StaffMember[]): (user: UserId) => string {
  const { t } = useText()
  const byUser = useMemo(() => new Map(people.map((one) => [one.user, one])), [people])
  return useCallback((user: UserId) => byUser.get(user)?.name ?? t.shell.pseudonym(user), [byUser, t])
}
