// Whether this person may open a case in any of her units.
import { id } from '#libs/domain'
import type { CaseId } from '#libs/domain'
import type { Me } from '../../crypto/facade.ts'
import { useMay } from '../../session/may.ts'

// The case does not exist yet; no rule looks at its id.
const notYet = id<CaseId>('00000000-0000-0000-0000-000000000000')

export function useMayOpen(me: Me): boolean {
  const may = useMay()
  return me.units.some((unit) =>
    may('case.open', { about: 'opening', case: notYet, authority: me.authority.id, unit: unit.id }),
  )
}
