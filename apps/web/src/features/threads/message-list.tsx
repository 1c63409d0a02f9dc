// The messages of a thread, in order; one that could not be verified stands in its place with the reason.
import { Clock, ShieldAlert } from 'lucide-react'
import type { AuthorityId } from '#libs/domain'
import type { CaseView, Me, MessagePage, Opened, Refused } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames, usePeople } from '../../session/names.ts'
import { Notice } from '../../ui/notice.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { receiptsOf } from './receipts.ts'

type Props = { readonly view: CaseView; readonly me: Me; readonly messages: readonly (Opened | Refused)[] }

export function MessageList({ view, me, messages }: Props) {
  const { t } = useText()
  return (
    <ol className="messages" aria-label={t.threads.page.messages}>
      {messages.map((message) => (
        <li key={message.kind === 'opened' ? message.id : `${message.reason} ${message.id}`}>
          {message.kind === 'opened' ? (
            <Message view={view} me={me} message={message} />
          ) : (
            <RefusedMessage message={message} />
          )}
        </li>
      ))}
    </ol>
  )
}

function Message({ view, me, message }: { readonly view: CaseView; readonly me: Me; readonly message: Opened }) {
  const { t, format } = useText()
  const texts = t.threads.page
  const names = useNames()
  const name = usePeople(view.people)
  const isLateWritten = format.dateTime(message.at) !== format.dateTime(message.acceptedAt)
  return (
    <article
      className={message.author === me.user ? 'message message-own' : 'message'}
      data-kind="opened"
      data-message={message.id}
    >
      <header>
        <strong>{texts.from(name(message.author), names.authority(message.authority))}</strong>
        {message.isUnconfirmed && <span className="quiet">({texts.unconfirmed})</span>}
        <time dateTime={message.acceptedAt}>{format.dateTime(message.acceptedAt)}</time>
        {isLateWritten && <span className="quiet">({texts.writtenAt(format.dateTime(message.at))})</span>}
        <StatusTag tone="plain">{t.domain.categories[message.category]}</StatusTag>
      </header>
      <p className="message-text">{message.text}</p>
      <footer className="quiet">
        {message.late && <span>{texts.late}. </span>}
        {message.isOrderDoubted && <strong>{texts.orderDoubted}. </strong>}
        {message.isDateDoubted && <strong>{texts.dateDoubted}. </strong>}
        {message.author === me.user && <ReadBy view={view} message={message} />}
      </footer>
    </article>
  )
}

/** One's own colleagues by name, others by their authority, each once; then those who have not read, and those who get it later. */
function ReadBy({ view, message }: { readonly view: CaseView; readonly message: Opened }) {
  const { t, format } = useText()
  const texts = t.threads.page
  const names = useNames()
  const name = usePeople(view.people)
  const { read, unread, given, later, never, isHereOnly } = receiptsOf(message, view.people)
  const who = read.map((one) =>
    texts.readAt('user' in one ? name(one.user) : names.authority(one.authority), format.moment(one.at)),
  )
  const list = (authorities: readonly AuthorityId[]) => format.list(authorities.map(names.authority))
  const sentences = [
    ...(who.length > 0 ? [texts.readBy(format.list(who))] : []),
    ...(unread.length > 0 ? [texts.unreadBy(list(unread))] : []),
    ...(given.length > 0 ? [texts.givenLater(list(given))] : []),
    ...(later.length > 0 ? [texts.getsLater(list(later))] : []),
    ...(never.length > 0 ? [texts.neverGiven(list(never))] : []),
    ...(isHereOnly ? [texts.hereOnly] : []),
  ]
  return <span>{sentences.map((one) => `${one}.`).join(' ')}</span>
}

/** What views of the thread contradict each other, said above it; the thread stays readable. */
export function HistoryAlarms({ view, alarms }: { readonly view: CaseView; readonly alarms: MessagePage['alarms'] }) {
  const { t, format } = useText()
  const texts = t.threads.alarm
  const name = usePeople(view.people)
  if (alarms.length === 0) return null
  const others = [...new Set(alarms.flatMap((alarm) => (alarm.by === null ? [] : [name(alarm.by)])))]
  return (
    <Notice tone="warning" live="alert">
      <p>
        <strong>{texts.heading}.</strong> {alarms.some((alarm) => alarm.by === null) && texts.own}{' '}
        {others.length > 0 && texts.other(format.list(others))} {texts.causes}
      </p>
    </Notice>
  )
}

function RefusedMessage({ message }: { readonly message: Refused }) {
  const { t, format } = useText()
  const isGap = message.reason === 'stream-gap'
  const isElsewhere = message.reason === 'message-elsewhere'
  const texts = { ...t.threads.refused, ...(isGap && t.threads.gap), ...(isElsewhere && t.threads.elsewhere) }
  if (message.reason === 'key-not-given')
    return (
      <article className="message" data-kind="waiting">
        <header>
          <Clock aria-hidden size={20} />
          <strong>{texts.notGiven}</strong>
          <time dateTime={message.acceptedAt}>{format.dateTime(message.acceptedAt)}</time>
        </header>
        <p>{texts.notGivenWhy}</p>
      </article>
    )
  return (
    <article className="message message-refused" data-kind={isGap ? 'gap' : 'refused'}>
      <header>
        <ShieldAlert aria-hidden size={20} />
        <strong>{texts.heading}</strong>
        <time dateTime={message.acceptedAt}>{format.dateTime(message.acceptedAt)}</time>
      </header>
      <p>
        {texts.why} {texts.tell}
      </p>
      <p className="quiet">{t.problems.refusedWord(message.reason)}</p>
    </article>
  )
}
