// The part of a case page about sharing: the matrix, and the consents that it rests on.
import { Link } from '@tanstack/react-router'
import type { CaseView, ConsentView, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { caseFacts, useMay } from '../../session/may.ts'
import { useNames } from '../../session/names.ts'
import { ButtonLink } from '../../ui/button-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { ConsentTag } from './consent-status.tsx'
import { useEndingText, useLastDay } from './ending-text.ts'
import { RenewLink } from './renew-link.tsx'
import { ScopeMatrix } from './scope-matrix.tsx'

export function ConsentsSection({ view, me }: { readonly view: CaseView; readonly me: Me }) {
  const { t } = useText()
  const may = useMay()
  const texts = t.consents
  return (
    <section aria-labelledby="shared" className="stack">
      <h2 id="shared">{texts.matrix.heading}</h2>
      <ScopeMatrix flows={view.flows} own={me.authority.id} caption={texts.matrix.caption} />
      <h3>{texts.list.heading}</h3>
      {view.consents.map((consent) => (
        <EndsSoon key={consent.registration} view={view} consent={consent} />
      ))}
      {view.consents.length === 0 && <p>{texts.list.none}</p>}
      <ul className="rows">
        {view.consents.map((consent) => (
          <ConsentRow key={consent.registration} view={view} consent={consent} />
        ))}
      </ul>
      {may('consent.register', caseFacts(view, me)) && (
        <ButtonLink look="secondary" to="/arenden/$caseId/samtycken/nytt" params={{ caseId: view.summary.id }}>
          {texts.list.register}
        </ButtonLink>
      )}
    </section>
  )
}

/** Said while there is time to ask the person again (domain.md § 4 rule 1). */
export function EndsSoon({ view, consent }: { readonly view: CaseView; readonly consent: ConsentView }) {
  const { t, format } = useText()
  if (!consent.endsSoon) return null
  return (
    <Notice tone="important">
      <p>{t.consents.list.endsSoon(format.lastDay(consent.endsAt))}</p>
      <RenewLink caseId={view.summary.id} consent={consent} look="primary" />
    </Notice>
  )
}

function ConsentRow({ view, consent }: { readonly view: CaseView; readonly consent: ConsentView }) {
  const { t } = useText()
  const endingText = useEndingText()
  const lastDay = useLastDay()
  const texts = t.consents.list
  const names = useNames()
  return (
    <li>
      <div>
        <Link
          to="/arenden/$caseId/samtycken/$registrationId"
          params={{ caseId: view.summary.id, registrationId: consent.registration }}
        >
          {texts.registeredBy(names.authority(consent.registeredBy))}
        </Link>
        <span className="quiet">
          {consent.ended === null ? texts.through(lastDay(consent)) : endingText(consent.ended)}
        </span>
      </div>
      <div className="tags">
        {consent.awaitsMyConfirmation && <StatusTag tone="attention">{texts.confirm}</StatusTag>}
        {consent.isRenewed && <StatusTag tone="plain">{texts.renewed}</StatusTag>}
        <ConsentTag consent={consent} />
      </div>
    </li>
  )
}
