// The part of a case page about sharing: the matrix, and the consents that it rests on.
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { CaseView, ConsentView, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { caseFacts, consentFacts, useMay } from '../../session/may.ts'
import { useNames } from '../../session/names.ts'
import { ButtonLink } from '../../ui/button-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { ConsentTag } from './consent-status.tsx'
import { useEndingText, useLastDay } from './ending-text.ts'
import { RenewLink } from './renew-link.tsx'
import { sharedWithEach } from './scope-cells.ts'
import { ScopeMatrix } from './scope-matrix.tsx'

export function ConsentsSection({ view, me }: { readonly view: CaseView; readonly me: Me }) {
  const { t } = useText()
  const may = useMay()
  const texts = t.consents
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Whoever was led here by name: the page may have been read only after she came.
    if (window.location.hash === '#shared') heading.current?.focus()
  }, [])
  return (
    <section aria-labelledby="shared" className="stack">
      <h2 id="shared" ref={heading} tabIndex={-1}>
        {texts.matrix.heading}
      </h2>
      <ScopeMatrix flows={view.flows} own={me.authority.id} caption={texts.matrix.caption} />
      <h3>{texts.list.heading}</h3>
      {view.consents.map((consent) => (
        <EndsSoon key={consent.registration} view={view} consent={consent} />
      ))}
      {view.consents.length === 0 && <p>{texts.list.none}</p>}
      <ul className="rows">
        {view.consents.map((consent) => (
          <ConsentRow key={consent.registration} view={view} consent={consent} me={me} />
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

type RowProps = { readonly view: CaseView; readonly consent: ConsentView; readonly me: Me }

/** Named by what tells it from the others and by what one may do there: the wrong one must not be withdrawn. */
function ConsentRow({ view, consent, me }: RowProps) {
  const { t, format } = useText()
  const may = useMay()
  const endingText = useEndingText()
  const lastDay = useLastDay()
  const texts = t.consents.list
  const names = useNames()
  const each = sharedWithEach(consent.flows, me.authority.id).map(({ authority, categories }) =>
    texts.with(names.authority(authority), format.terms(categories.map((category) => t.domain.categories[category]))),
  )
  const what = each.length === 0 ? names.authority(consent.registeredBy) : each.join(' · ')
  const mayEnd = consent.state === 'standing' && may('consent.withdraw', consentFacts(view, consent, me))
  return (
    <li>
      <div>
        <Link
          to="/arenden/$caseId/samtycken/$registrationId"
          params={{ caseId: view.summary.id, registrationId: consent.registration }}
        >
          {consent.ended === null ? `${what}, ${texts.through(lastDay(consent))}` : what} –{' '}
          {mayEnd ? texts.showOrEnd : texts.showOnly}
        </Link>
        <span className="quiet">{texts.registeredBy(names.authority(consent.registeredBy))}</span>
        {consent.ended !== null && <span className="quiet">{endingText(consent.ended)}</span>}
      </div>
      <div className="tags">
        {consent.awaitsMyConfirmation && <StatusTag tone="attention">{texts.confirm}</StatusTag>}
        {consent.isRenewed && <StatusTag tone="plain">{texts.renewed}</StatusTag>}
        <ConsentTag consent={consent} />
      </div>
    </li>
  )
}
