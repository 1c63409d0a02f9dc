// One case in the list: title or number, owner, phase, what waits.
import { Link } from '@tanstack/react-router'
import type { CaseSummary } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import { StatusTag, type Tone } from '../../ui/status-tag.tsx'

const tones: Record<CaseSummary['relation'], Tone> = { assigned: 'plain', receiver: 'attention', former: 'ended' }

export function CaseCard({ summary }: { readonly summary: CaseSummary }) {
  const { t, format } = useText()
  const texts = t.cases.list
  const names = useNames()
  return (
    <li className="case-card">
      <div>
        <Link to="/arenden/$caseId" params={{ caseId: summary.id }} className="case-name">
          {summary.title ?? summary.number}
        </Link>
        <p className="quiet">
          {summary.title !== null && <span className="number">{summary.number}</span>}
          <span>{names.authority(summary.owner.authority)}</span>
          <span>{texts.changed(format.dateTime(summary.changedAt))}</span>
        </p>
      </div>
      <div className="tags">
        {summary.waiting.map((one) => (
          <StatusTag key={one} tone="waiting">
            {texts.waiting[one]}
          </StatusTag>
        ))}
        {summary.relation !== 'assigned' && (
          <StatusTag tone={tones[summary.relation]}>{texts.relation[summary.relation]}</StatusTag>
        )}
        <StatusTag tone="plain">{t.domain.phases[summary.phase]}</StatusTag>
      </div>
    </li>
  )
}
