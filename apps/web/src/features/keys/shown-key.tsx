// What a custodian signs with a key: as whom its holder is certified, how that differs from before, and who has signed it already.
import { useQuery } from '@tanstack/react-query'
import type { ShownKey } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames, usePeople } from '../../session/names.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'

type Props = { readonly shown: ShownKey }

export function ShownFacts({ shown }: Props) {
  const { t, format } = useText()
  const texts = t.keys.shown
  const names = useNames()
  return (
    <dl className="facts">
      <dt>{texts.title}</dt>
      <dd>{shown.title}</dd>
      <dt>{texts.authority}</dt>
      <dd>{names.authority(shown.authority)}</dd>
      <dt>{texts.units}</dt>
      <dd>{shown.units.length === 0 ? texts.noUnits : format.list(shown.units.map(names.unit))}</dd>
      <dt>{texts.roles}</dt>
      <dd>{shown.roles.length === 0 ? texts.noRoles : format.list(shown.roles.map((role) => t.domain.roles[role]))}</dd>
    </dl>
  )
}

const without = <T,>(list: readonly T[], other: readonly T[]): readonly T[] =>
  list.filter((one) => !other.includes(one))

/** Each difference to the former certification in a sentence; none where there was none, or where all is the same. */
export function useChanges({ before, roles, units, authority }: ShownKey): readonly string[] {
  const { t, format } = useText()
  const texts = t.keys.shown.changes
  const names = useNames()
  if (before === null) return []
  const named = (say: (names: string) => string, list: readonly string[]): readonly string[] =>
    list.length === 0 ? [] : [say(format.list(list))]
  const rolesNamed = (list: ShownKey['roles']): readonly string[] => list.map((role) => t.domain.roles[role])
  return [
    ...(before.isNameSame ? [] : [texts.name]),
    ...(before.authority === authority
      ? []
      : [texts.authority(names.authority(authority), names.authority(before.authority))]),
    ...named(texts.newUnits, without(units, before.units).map(names.unit)),
    ...named(texts.goneUnits, without(before.units, units).map(names.unit)),
    ...named(texts.newRoles, rolesNamed(without(roles, before.roles))),
    ...named(texts.goneRoles, rolesNamed(without(before.roles, roles))),
  ]
}

export function Changes({ shown }: Props) {
  const { t } = useText()
  const changes = useChanges(shown)
  if (changes.length === 0) return null
  return (
    <Notice tone="important">
      <p>{t.keys.shown.differs}</p>
      <ul>
        {changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
    </Notice>
  )
}

/** Where two custodians are needed: whose word this one adds hers to, or that another is waited for. */
export function Signed({ shown }: Props) {
  const { t, format } = useText()
  const texts = t.keys.shown
  const nameOf = usePeople(useQuery(reads.staff(useSession())).data ?? [])
  const { proposal, waits } = shown
  if (proposal === null) return waits ? <StatusTag tone="waiting">{texts.waits}</StatusTag> : null
  return <p>{texts.proposed(nameOf(proposal.by), format.lastDay(proposal.validUntil))}</p>
}
