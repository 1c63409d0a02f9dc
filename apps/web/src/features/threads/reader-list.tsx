// "Läses av": exactly who will read what is being written, who waits, and who will not and why.
import { Clock, Eye, EyeOff } from 'lucide-react'
import type { AuthorityId } from '#libs/domain'
import type { Me, Readers, StaffMember } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames, usePeople } from '../../session/names.ts'

type Props = { readonly readers: Readers; readonly me: Me; readonly people: readonly StaffMember[] }

export function ReaderList({ readers, me, people }: Props) {
  const { t, format } = useText()
  const texts = t.threads.readers
  const names = useNames()
  const name = usePeople(people)
  const own = readers.own.map((one) => (one.user === me.user ? t.shell.you : (one.name ?? t.shell.pseudonym(one.user))))
  const contactsOf = ({ contacts, unconfirmed }: Readers['authorities'][number]) =>
    contacts.map((user) => (unconfirmed.includes(user) ? texts.unconfirmed(name(user)) : name(user)))
  const isOnlyMe = readers.own.every((one) => one.user === me.user)
  return (
    <div className="readers">
      <h3>
        <Eye aria-hidden size={18} /> {texts.heading}
      </h3>
      <ul>
        <li>
          <strong>{texts.own(names.authority(me.authority.id))}</strong> {isOnlyMe ? texts.onlyYou : format.list(own)}
        </li>
        {readers.authorities.map((one) => (
          <li key={`${one.authority} ${one.disclosedUntil ?? ''}`}>
            <strong>{texts.own(names.authority(one.authority))}</strong>{' '}
            {one.units === null ? texts.whole : texts.units(format.list(one.units.map(names.unit)))}
            {one.contacts.length > 0 && ` (${texts.contacts(format.list(contactsOf(one)))})`}
            {one.disclosedUntil !== null && ` – ${texts.disclosed(format.dateTime(one.disclosedUntil))}`}
          </li>
        ))}
      </ul>
      {readers.authorities.length === 0 && readers.waiting.length === 0 && <p>{texts.alone}</p>}
      {readers.waiting.length > 0 && (
        <>
          <h3>
            <Clock aria-hidden size={18} /> {texts.waiting}
          </h3>
          <ul>
            {readers.waiting.map((one, place) => (
              <li key={`${one.authority} ${place}`}>
                <strong>{names.authority(one.authority)}</strong> {texts.waitingText[one.cause]}
              </li>
            ))}
          </ul>
        </>
      )}
      {readers.notReading.length + readers.ownNotReading.length > 0 && (
        <>
          <h3>
            <EyeOff aria-hidden size={18} /> {texts.not}
          </h3>
          <ul>
            {readers.ownNotReading.map((one) => (
              <li key={one.user}>
                <strong>{texts.own(one.name ?? t.shell.pseudonym(one.user))}</strong> {texts.ownNotText[one.cause]}
              </li>
            ))}
            {readers.notReading.map((one) => (
              <li key={one.authority}>
                <strong>{texts.own(names.authority(one.authority))}</strong> {texts.notText[one.cause]}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** The same in one sentence, for those who hear the page: spoken when it changes, and not while it is what it was. */
export function ReadersHeard({ readers, me }: { readonly readers: Readers | undefined; readonly me: Me }) {
  const { t, format } = useText()
  const texts = t.threads.readers
  const names = useNames()
  const named = (all: readonly { readonly authority: AuthorityId }[]) => [
    ...new Set(all.map((one) => names.authority(one.authority))),
  ]
  const sentence = (read: Readers) => {
    const own = read.own.map((one) => (one.user === me.user ? t.shell.you : (one.name ?? t.shell.pseudonym(one.user))))
    const waiting = named(read.waiting)
    return [
      texts.heard(format.list([...own, ...named(read.authorities)])),
      ...(read.authorities.length === 0 && waiting.length === 0 ? [texts.alone] : []),
      ...(waiting.length > 0 ? [`${texts.waiting}: ${format.list(waiting)}.`] : []),
    ].join(' ')
  }
  return (
    <p role="status" className="only-heard">
      {readers !== undefined && sentence(readers)}
    </p>
  )
}
