// The custodian's page: keys that wait, words to compare by telephone, certifying and ending.
import { useQuery } from '@tanstack/react-query'
import type { Me, PendingKey, StaffMember } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'
import { States } from '../../ui/states.tsx'
import { CertifyCard } from './certify-card.tsx'
import { EndKey } from './end-key.tsx'
import { EndingKeys } from './ending-keys.tsx'

type Lists = { readonly me: Me; readonly pending: readonly PendingKey[]; readonly staff: readonly StaffMember[] }

function useLists() {
  const session = useSession()
  const me = useQuery(reads.me(session))
  const pending = useQuery(reads.pending(session))
  const staff = useQuery(reads.staff(session))
  const data: Lists | undefined =
    me.data && pending.data && staff.data ? { me: me.data, pending: pending.data, staff: staff.data } : undefined
  const refetch = () => Promise.all([pending.refetch(), staff.refetch()])
  return { data, error: pending.error ?? staff.error ?? me.error, refetch }
}

export function CustodianPage() {
  const { t } = useText()
  const texts = t.keys.custodian
  const lists = useLists()
  return (
    <div className="stack">
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      <p className="lead">{texts.lead}</p>
      <States
        texts={texts.states}
        read={lists}
        isEmpty={({ pending, staff }) => pending.length === 0 && staff.every((one) => one.key !== 'certified')}
      >
        {({ me, pending, staff }) => (
          <>
            <section aria-labelledby="pending" className="stack">
              <h2 id="pending">{texts.pending}</h2>
              {pending.length === 0 && <p>{texts.nonePending}</p>}
              {pending.map((key) => (
                <CertifyCard key={key.user} pending={key} isOwn={key.user === me.user} />
              ))}
            </section>
            <EndingKeys me={me} />
            <Standing staff={staff.filter((one) => one.key === 'certified')} />
          </>
        )}
      </States>
    </div>
  )
}

function Standing({ staff }: { readonly staff: readonly StaffMember[] }) {
  const { t, format } = useText()
  const texts = t.keys.custodian
  return (
    <section aria-labelledby="standing">
      <h2 id="standing">{texts.standing}</h2>
      {staff.length === 0 && <p>{texts.noneStanding}</p>}
      <ul className="rows">
        {staff.map((one) => (
          <li key={one.user}>
            <div>
              <strong>{one.name ?? t.shell.pseudonym(one.user)}</strong>
              <span className="quiet">{format.list(one.roles.map((role) => t.domain.roles[role]))}</span>
            </div>
            <EndKey member={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}
