// How a consent stands, as a tag and as sentences: whom it waits for, or how it ended.
import { instantOf } from '#libs/domain'
import type { ConsentView } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import { Notice } from '../../ui/notice.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { awaited, narrowedAway, standingOf, standingTones } from './consent-standing.ts'
import { useEndingText } from './ending-text.ts'

export function ConsentTag({ consent }: { readonly consent: ConsentView }) {
  const { t } = useText()
  const standing = standingOf(consent, instantOf(Date.now()))
  return <StatusTag tone={standingTones[standing]}>{t.consents.list.state[standing]}</StatusTag>
}

/** Nothing where all of it flows as it was registered. */
export function ConsentStatus({ consent }: { readonly consent: ConsentView }) {
  const { t, format } = useText()
  const texts = t.consents.list
  const names = useNames()
  const endingText = useEndingText()
  const { toConfirm, toGetKeys, isUncovered } = awaited(consent)
  const sentences = [
    ...(consent.ended === null ? [] : [`${endingText(consent.ended)}.`]),
    ...(consent.state === 'standing' ? narrowedAway(consent.flows) : []).map(({ ended, categories }) =>
      texts.narrowedAway(endingText(ended), format.list(categories.map((one) => t.domain.categories[one]))),
    ),
    ...(toConfirm.length === 0 ? [] : [texts.toConfirm(format.list(toConfirm.map(names.authority)))]),
    ...(toGetKeys.length === 0 ? [] : [texts.toGetKeys(format.list(toGetKeys.map(names.authority)))]),
    ...(isUncovered ? [texts.uncovered] : []),
  ]
  if (sentences.length === 0) return null
  return (
    <Notice tone="info">
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </Notice>
  )
}
