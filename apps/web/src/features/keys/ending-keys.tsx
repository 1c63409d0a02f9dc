// Certifications that end within a month: renewed by the custodian, who knows that the person still works there.
import { Button } from '@midas-ds/components/button'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { EndingKey, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { personFacts, useMay } from '../../session/may.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Changes, ShownFacts, Signed, useChanges } from './shown-key.tsx'

export function EndingKeys({ me }: { readonly me: Me }) {
  const { t } = useText()
  const texts = t.keys.renewal
  const ending = useQuery(reads.endingKeys(useSession()))
  return (
    <section aria-labelledby="ending" className="stack">
      <h2 id="ending">{texts.heading}</h2>
      <Problem error={ending.error} />
      {ending.data?.length === 0 && <p>{texts.none}</p>}
      {ending.data !== undefined && ending.data.length > 0 && (
        <>
          <p>{texts.why}</p>
          <ul className="rows">
            {ending.data.map((one) => (
              <Row key={one.user} ending={one} me={me} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Row({ ending, me }: { readonly ending: EndingKey; readonly me: Me }) {
  const { t, format } = useText()
  const texts = t.keys.renewal
  const session = useSession()
  const client = useQueryClient()
  const tell = useTell()
  const may = useMay()
  const hasChanged = useChanges(ending).length > 0
  // What she is asked about is what she signs, also where the list is read again behind the question.
  const [asked, setAsked] = useState<EndingKey | null>(null)
  const { name } = ending
  const renew = useMutation({
    mutationFn: (shown: EndingKey) => session.renewKey(shown),
    onSuccess: (_, shown) => {
      setAsked(null)
      tell(texts.renewed(shown.name))
      void client.invalidateQueries({ queryKey: keys.staff })
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.ending }),
  })
  return (
    <li>
      <div className="stack">
        <strong>{name}</strong>
        <ShownFacts shown={ending} />
        <Changes shown={ending} />
        <Signed shown={ending} />
        <span className="quiet">{texts.ends(format.lastDay(ending.validUntil))}</span>
        {asked === null && <Problem error={renew.error} />}
      </div>
      {may('key.certify', personFacts(me, ending)) ? (
        <Button
          variant="secondary"
          size="medium"
          aria-label={texts.renewFor(name)}
          isDisabled={renew.isPending}
          onPress={() => (hasChanged ? setAsked(ending) : renew.mutate(ending))}
        >
          {renew.isPending ? t.shell.working : texts.renew}
        </Button>
      ) : (
        <span className="quiet">{texts.notYourself}</span>
      )}
      {asked !== null && (
        <ConfirmDialog
          isOpen
          heading={texts.changedHeading(asked.name)}
          submit={texts.renewChanged}
          isPending={renew.isPending}
          error={renew.error}
          onSubmit={() => renew.mutate(asked)}
          onClose={() => setAsked(null)}
        >
          <p>{texts.changedWhy}</p>
          <Changes shown={asked} />
          <ShownFacts shown={asked} />
        </ConfirmDialog>
      )}
    </li>
  )
}
