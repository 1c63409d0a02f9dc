// One consent: what it covers, confirming it as a source, narrowing it, withdrawing it in two clicks.
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { CaseView, ConsentView, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useFollow } from '../../session/live.tsx'
import { caseFacts, consentFacts, useMay } from '../../session/may.ts'
import { useNames } from '../../session/names.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { ButtonLink } from '../../ui/button-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { CaseHeading } from '../../ui/case-heading.tsx'
import { States } from '../../ui/states.tsx'
import { ConfirmConsent } from './confirm-consent.tsx'
import { ConsentStatus, ConsentTag } from './consent-status.tsx'
import { ConsentWords } from './consent-words.tsx'
import { EndsSoon } from './consents-section.tsx'
import { useLastDay } from './ending-text.ts'
import { findConsent } from './find-consent.ts'
import { GivenHow } from './given-how.tsx'
import { RenewLink } from './renew-link.tsx'
import { ScopeMatrix } from './scope-matrix.tsx'
import { WithdrawConsent } from './withdraw-consent.tsx'

export function ConsentPage() {
  const { t } = useText()
  const texts = t.consents.page
  const { caseId, registrationId } = useParams({ from: '/arenden/$caseId/samtycken/$registrationId' })
  const session = useSession()
  useFollow(caseId)
  const read = findConsent(useQuery(reads.case(session, caseId)), registrationId)
  const me = useQuery(reads.me(session)).data
  return (
    <div className="stack">
      <BackLink to="/arenden/$caseId" params={{ caseId }} name={t.cases.page.backTo} />
      <CaseHeading caseId={caseId} tab={texts.heading}>
        {texts.heading}
      </CaseHeading>
      <States texts={texts.states} read={read} isEmpty={() => false}>
        {({ view, consent }) => me !== undefined && <Consent view={view} consent={consent} me={me} />}
      </States>
    </div>
  )
}

type Props = { readonly view: CaseView; readonly consent: ConsentView; readonly me: Me }

function Consent({ view, consent, me }: Props) {
  const { t } = useText()
  const texts = t.consents
  const may = useMay()
  const facts = consentFacts(view, consent, me)
  const params = { caseId: view.summary.id, registrationId: consent.registration }
  const isStanding = consent.state === 'standing'
  const toConfirm = consent.awaitsMyConfirmation && isStanding
  // In reach without scrolling, but after what one who is to confirm has come for.
  const narrowing = isStanding && may('consent.withdraw', facts) && (
    <div className="buttons">
      <WithdrawConsent view={view} consent={consent} />
      <ButtonLink look="secondary" to="/arenden/$caseId/samtycken/$registrationId/begransa" params={params}>
        {texts.narrow.link}
      </ButtonLink>
    </div>
  )
  return (
    <>
      <Facts consent={consent} />
      <ConsentStatus consent={consent} />
      {!toConfirm && narrowing}
      <EndsSoon view={view} consent={consent} />
      <ConsentWords caseId={view.summary.id} consent={consent} />
      {toConfirm &&
        (may('consent.confirm', facts) ? (
          <ConfirmConsent view={view} consent={consent} me={me} />
        ) : (
          <Notice tone="info">{texts.confirm.notMe}</Notice>
        ))}
      <section aria-labelledby="flows">
        <h2 id="flows">{texts.page.flows}</h2>
        {consent.flows.length === 0 ? (
          <p>{texts.page.noFlows}</p>
        ) : (
          <ScopeMatrix flows={consent.flows} own={me.authority.id} caption={texts.page.flows} />
        )}
      </section>
      {consent.mayRenew && !consent.endsSoon && may('consent.register', caseFacts(view, me)) && (
        <div className="buttons">
          <RenewLink caseId={view.summary.id} consent={consent} look="secondary" />
        </div>
      )}
      {toConfirm && narrowing}
    </>
  )
}

function Facts({ consent }: { readonly consent: ConsentView }) {
  const { t, format } = useText()
  const texts = t.consents.list
  const names = useNames()
  const lastDay = useLastDay()
  return (
    <dl className="facts">
      <dt>{texts.registeredBy('').trim()}</dt>
      <dd>
        {names.authority(consent.registeredBy)} <ConsentTag consent={consent} />
      </dd>
      <dt>{texts.givenBy}</dt>
      <dd>
        {consent.givers === null
          ? texts.hidden(names.authority(consent.registeredBy))
          : format.list(consent.givers.map((giver) => texts.givers[giver]))}
      </dd>
      <dt>{texts.how}</dt>
      <dd>
        <GivenHow given={consent.given} isStanding={consent.state === 'standing'} />
      </dd>
      {consent.givenAt !== null && (
        <>
          <dt>{texts.when}</dt>
          <dd>{format.date(consent.givenAt)}</dd>
        </>
      )}
      <dt>{texts.validThrough}</dt>
      <dd>
        {lastDay(consent)}
        {consent.given.how === 'verbally-with-witness' && consent.mayRenew && <p>{texts.verballyNote}</p>}
      </dd>
    </dl>
  )
}
