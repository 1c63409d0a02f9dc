// Confirming a consent that another authority registered, for one's own information: the page is the first tap, this the second.
import { Button } from '@midas-ds/components/button'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CaseView, ConsentView, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { Problem } from '../../ui/problem.tsx'
import { byPair } from './by-pair.ts'

type Props = { readonly view: CaseView; readonly consent: ConsentView; readonly me: Me }

export function ConfirmConsent({ view, consent, me }: Props) {
  const { t, format } = useText()
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
  const ours = consent.flows.filter(
    (flow) => flow.source === me.authority.id && flow.state === 'waiting-for-confirmation',
  )
  return (
    <section aria-labelledby="confirm" className="card stack">
      <h2 id="confirm">{texts.heading}</h2>
      <p>{texts.why(names.authority(consent.registeredBy))}</p>
      <ul>
        {byPair(ours).map((pair) => (
          <li key={`${pair.source}${pair.recipient}`}>
            {t.editor.review.gainLine(
              names.authority(pair.recipient),
              names.authority(pair.source),
              format.terms(pair.categories.map((category) => t.domain.categories[category])),
            )}
          </li>
        ))}
      </ul>
      <Problem error={confirm.error} />
      {/* Words that are not those which were signed are nothing to confirm; while they are being read nobody can have seen them. */}
      {words.data?.state !== 'differs' && (
        <Button isDisabled={confirm.isPending || words.isLoading} onPress={() => confirm.mutate()}>
          {confirm.isPending ? t.shell.working : texts.submit}
        </Button>
      )}
    </section>
  )
}
