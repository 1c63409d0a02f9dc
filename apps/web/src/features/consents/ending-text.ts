// How long a consent holds, and the sentence for how something that it opened has ended.
import { endOfConsent } from '#libs/domain'
import type { ConsentView, Ending } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'

export function useEndingText(): (ending: Ending) => string {
  const { t, format } = useText()
  const texts = t.consents.ended
  const names = useNames()
  return ({ how, by, at }) => {
    if (how === 'expired') return texts.expired(format.lastDay(at))
    if (how === 'lapsed') return texts.lapsed(format.lastDay(at))
    if (how === 'rests') return texts.rests(format.date(at))
    return texts[how](by === null ? texts.byServer : names.authority(by), format.dateTime(at))
  }
}

/** The last day on which it really holds: for a verbal consent that of its lapse, whatever end it was registered with. */
export function useLastDay(): (consent: Pick<ConsentView, 'given' | 'validUntil'>) => string {
  const { t, format } = useText()
  return (consent) => {
    const day = format.lastDay(endOfConsent(consent))
    return consent.given.how === 'verbally-with-witness' ? t.consents.list.verbally(day) : day
  }
}
