// Confirming a consent that another authority registered, for one's own information: the page is the first tap, this the second.
import { Button } from '@midas-ds/components/button'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { includesEarlierValues, purposes } from '#libs/domain'
import type { CaseView, ConsentView, FlowView, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { Problem } from '../../ui/problem.tsx'
import { byPair, type Pair } from './by-pair.ts'
import { useLastDay } from './ending-text.ts'

type Props = { readonly view: CaseView; readonly consent: ConsentView; readonly me: Me }

export function ConfirmConsent({ view, consent, me }: Props) {
  const { t } = useText()
  const texts = t.consents.confirm
  const session = useSession()
  const client = useQueryClient()
  const names = useNames()
  const tell = useTell()
  const words = useQuery(reads.consentWords(session, view.summary.id, consent.registration))
  const confirm = useMutation({
    mutationFn: () => session.confirmConsent(view.summary.id, consent.registration),
    onSuccess: () => {
      tell(texts.done)
      void client.invalidateQueries({ queryKey: keys.allCases })
    },
  })
  const isShown = words.data?.state === 'agrees' || words.data?.state === 'outside'
  const ours = consent.flows.filter(
    (flow) => flow.source === me.authority.id && flow.state === 'waiting-for-confirmation',
  )
  return (
    <section aria-labelledby="confirm" className="card stack">
      <h2 id="confirm">{texts.heading}</h2>
      <p>{texts.why(names.authority(consent.registeredBy))}</p>
      {byPair(ours).map((pair) => (
        <Asked
          key={`${pair.source}${pair.recipient}`}
          flows={ours.filter((flow) => flow.recipient === pair.recipient)}
          pair={pair}
          given={consent.given}
        />
      ))}
      <Problem error={confirm.error} />
      {/* Words that are not those which were signed are nothing to confirm, and what has not come nobody can have seen. */}
      {isShown ? (
        <Button isDisabled={confirm.isPending} onPress={() => confirm.mutate()}>
          {confirm.isPending ? t.shell.working : texts.submit}
        </Button>
      ) : (
        words.data?.state !== 'differs' && <p>{texts.notShown}</p>
      )}
    </section>
  )
}

type AskedProps = { readonly pair: Pair; readonly flows: readonly FlowView[]; readonly given: ConsentView['given'] }

/** What would be given to one recipient: what about, what for, how far back, how long. */
function Asked({ pair, flows, given }: AskedProps) {
  const { t, format } = useText()
  const texts = t.consents.confirm
  const names = useNames()
  const lastDay = useLastDay()
  const [first] = flows
  const asked = purposes.filter((one) => flows.some((flow) => flow.purpose === one))
  const earlier = includesEarlierValues.findLast((one) => flows.some((flow) => flow.includesEarlier === one)) ?? 'none'
  return (
    <dl className="facts">
      <dt>{texts.who}</dt>
      <dd>{names.authority(pair.recipient)}</dd>
      <dt>{texts.what}</dt>
      <dd>{format.terms(pair.categories.map((category) => t.domain.categories[category]))}</dd>
      <dt>{texts.whatFor}</dt>
      <dd>{format.terms(asked.map((one) => t.domain.purposes[one]))}</dd>
      <dt>{texts.earlier}</dt>
      <dd>{t.domain.includesEarlier[earlier]}</dd>
      {first !== undefined && (
        <>
          <dt>{texts.howLong}</dt>
          <dd>{t.consents.matrix.dates(format.date(first.from), lastDay({ given, validUntil: first.until }))}</dd>
        </>
      )}
    </dl>
  )
}
