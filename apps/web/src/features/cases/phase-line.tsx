// The phases of a case in order, with the present one marked: a list, so that it reads the same by ear.
import { Check } from 'lucide-react'
import type { Phase } from '#libs/domain'
import { phases } from '#libs/domain'
import { useText } from '../../i18n/index.tsx'

export function PhaseLine({ phase }: { readonly phase: Phase }) {
  const { t } = useText()
  const now = phases.indexOf(phase)
  return (
    <ol className="phase-line" aria-label={t.cases.page.phaseHeading}>
      {phases.map((one, place) => (
        <li key={one} aria-current={place === now ? 'step' : undefined} className={place < now ? 'passed' : undefined}>
          <span aria-hidden className="phase-dot">
            {place < now ? <Check size={12} /> : place + 1}
          </span>
          <span>{t.domain.phases[one]}</span>
          {place < now && <span className="only-heard">({t.cases.page.passed})</span>}
        </li>
      ))}
    </ol>
  )
}
