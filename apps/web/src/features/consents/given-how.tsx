// How a consent was given, and what follows from that for one given in custody.
import type { Given } from '#libs/domain'
import { useText } from '../../i18n/index.tsx'

export function GivenHow({ given, isStanding }: { readonly given: Given; readonly isStanding: boolean }) {
  const { t, format } = useText()
  const texts = t.consents.list
  return (
    <>
      {texts.ways[given.how]}
      {given.how === 'in-custody' && given.restsFrom !== null && <p>{texts.rests(format.date(given.restsFrom))}</p>}
      {/* Without the day nothing ends it at release but a person. */}
      {given.how === 'in-custody' && given.restsFrom === null && isStanding && <p>{texts.restsUnknown}</p>}
    </>
  )
}
