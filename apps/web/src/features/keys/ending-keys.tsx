// Certifications that end within a month: renewed by the custodian, who knows that the person still works there.
import { Button } from '@midas-ds/components/button'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { EndingKey, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { personFacts, useMay } from '../../session/may.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { Problem } from '../../ui/problem.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'

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
  const name = ending.name ?? t.shell.pseudonym(ending.user)
  const renew = useMutation({
    mutationFn: () => session.renewKey(ending.user),
    onSuccess: () => {
      tell(texts.renewed(name))
      void client.invalidateQueries({ queryKey: keys.ending })
      void client.invalidateQueries({ queryKey: keys.staff })
    },
  })
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <span className="quiet">{format.list(ending.roles.map((role) => t.domain.roles[role]))}</span>
        <span className="quiet">{texts.ends(format.lastDay(ending.validUntil))}</span>
        <Problem error={renew.error} />
      </div>
      <div className="tags">
        {ending.waits && <StatusTag tone="waiting">{texts.waits}</StatusTag>}
        {may('key.certify', personFacts(me, ending)) ? (
          <Button
            variant="secondary"
            size="medium"
            aria-label={texts.renewFor(name)}
            isDisabled={renew.isPending}
            onPress={() => renew.mutate()}
          >
            {renew.isPending ? t.shell.working : texts.renew}
          </Button>
        ) : (
          <span className="quiet">{texts.notYourself}</span>
        )}
      </div>
    </li>
  )
}
