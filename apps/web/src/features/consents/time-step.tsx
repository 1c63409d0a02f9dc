// Step 4: how long. There is always an end.
import { parseDate } from '@internationalized/date'
import { useText } from '../../i18n/index.tsx'
import { DayField } from '../../ui/day-field.tsx'
import type { StepProps } from './consent-editor-page.tsx'

export function TimeStep({ draft, change, errorOf }: StepProps) {
  const { t } = useText()
  const texts = t.editor.time
  return (
    <>
      <p>{texts.from}</p>
      <DayField
        id="until"
        label={texts.until}
        description={texts.untilHint}
        value={draft.until === null ? null : parseDate(draft.until)}
        onChange={(day) => change({ until: day?.toString() ?? null })}
        error={errorOf('until')}
      />
    </>
  )
}
