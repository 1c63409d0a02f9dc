// The sentence for how something that a consent opened has ended.
import type { Ending } from '../../crypto/facade.ts'
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
