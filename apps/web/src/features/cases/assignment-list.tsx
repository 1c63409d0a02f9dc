// Who is assigned to the case by one's own authority, with what and how long.
import type { AssignmentView, CaseView } from '../../crypto/facade.ts'
import type { ReactNode } from 'react'
import { categories } from '#libs/domain'
import { useText } from '../../i18n/index.tsx'
import { usePeople } from '../../session/names.ts'
import { StatusTag, type Tone } from '../../ui/status-tag.tsx'

const tones: Record<AssignmentView['state'], Tone> = {
  standing: 'good',
  ended: 'ended',
  barred: 'ended',
  expired: 'ended',
  unconfirmed: 'attention',
}
export const isStanding = (one: AssignmentView) => one.state === 'standing' || one.state === 'unconfirmed'

type Props = {
  readonly view: CaseView
  readonly assignments: readonly AssignmentView[]
  readonly actions?: (assignment: AssignmentView, name: string) => ReactNode
}

export function AssignmentList({ view, assignments, actions }: Props) {
  const { t, format } = useText()
  const texts = t.cases.assignments
  const name = usePeople(view.people)
  return (
    <ul className="rows">
      {assignments.map((one) => (
        <li key={one.user}>
          <div>
            <strong>{name(one.user)}</strong>
            <span className="quiet">
              {one.categories.length === categories.length
                ? texts.allCategories
                : format.terms(one.categories.map((category) => t.domain.categories[category]))}
              , {texts.until(format.lastDay(one.until))}
            </span>
          </div>
          <div className="tags">
            {one.state !== 'standing' && <StatusTag tone={tones[one.state]}>{texts.state[one.state]}</StatusTag>}
            {actions?.(one, name(one.user))}
          </div>
        </li>
      ))}
    </ul>
  )
}
