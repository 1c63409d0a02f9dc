// Step 1: who gave the consent, how, when, in which words, and where the evidence is.
import { Checkbox, CheckboxGroup } from '@midas-ds/components/checkbox'
import { Radio, RadioGroup } from '@midas-ds/components/radio'
import { TextArea, TextField } from '@midas-ds/components/textfield'
import { parseDate } from '@internationalized/date'
import type { Given, Giver } from '#libs/domain'
import { useText } from '../../i18n/index.tsx'
import { DayField } from '../../ui/day-field.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { StepProps } from './consent-editor-page.tsx'

const givers: readonly Giver[] = ['individual', 'guardian', 'social-services-lvu']
const ways: readonly Given['how'][] = ['in-person-written', 'e-identification', 'verbally-with-witness', 'in-custody']
const day = (text: string | null) => (text === null ? null : parseDate(text))

export function GivenStep(props: StepProps) {
  return (
    <>
      <WhoGaveIt {...props} />
      <When {...props} />
      <InWhichWords {...props} />
      <OnWhichPaper {...props} />
    </>
  )
}

const invalid = (errorOf: StepProps['errorOf'], field: string) => {
  const error = errorOf(field)
  return error === undefined ? {} : { isInvalid: true, errorMessage: error }
}

function WhoGaveIt({ draft, change, errorOf }: StepProps) {
  const { t } = useText()
  const texts = t.editor.given
  const labels = t.consents.list
  return (
    <>
      <div id="givers">
        <CheckboxGroup
          errorPosition="top"
          label={texts.who}
          value={[...draft.givers]}
          onChange={(chosen) => change({ givers: givers.filter((giver) => chosen.includes(giver)) })}
          validationBehavior="aria"
          {...invalid(errorOf, 'givers')}
        >
          {givers.map((giver) => (
            <Checkbox key={giver} value={giver}>
              {capital(labels.givers[giver])}
            </Checkbox>
          ))}
        </CheckboxGroup>
      </div>
      {draft.givers.some((giver) => giver !== 'individual') && <Notice tone="info">{texts.guardianNote}</Notice>}
      <div id="how">
        <RadioGroup
          label={texts.how}
          value={draft.how}
          onChange={(value) => change({ how: ways.find((way) => way === value) ?? null })}
          validationBehavior="aria"
          {...invalid(errorOf, 'how')}
        >
          {ways.map((way) => (
            <Radio key={way} value={way}>
              {labels.ways[way]}
            </Radio>
          ))}
        </RadioGroup>
      </div>
    </>
  )
}

function When({ draft, change, errorOf, onHalf }: StepProps) {
  const { t } = useText()
  const texts = t.editor.given
  return (
    <>
      <DayField
        id="on"
        label={texts.on}
        value={day(draft.on)}
        onChange={(value) => change({ on: value?.toString() ?? null })}
        onHalf={(isHalf) => onHalf('on', isHalf)}
        error={errorOf('on')}
      />
      {draft.how === 'verbally-with-witness' && (
        <DayField
          id="lapses"
          label={texts.lapses}
          value={day(draft.lapsesOn)}
          onChange={(value) => change({ lapsesOn: value?.toString() ?? null })}
          onHalf={(isHalf) => onHalf('lapses', isHalf)}
          error={errorOf('lapses')}
        />
      )}
      {draft.how === 'in-custody' && (
        <DayField
          id="rests"
          label={texts.restsFrom}
          description={texts.restsNote}
          value={day(draft.restsFrom)}
          onChange={(value) => change({ restsFrom: value?.toString() ?? null })}
          onHalf={(isHalf) => onHalf('rests', isHalf)}
          error={errorOf('rests')}
        />
      )}
    </>
  )
}

function InWhichWords({ draft, change, errorOf }: StepProps) {
  const { t } = useText()
  const texts = t.editor.given
  return (
    <>
      {draft.how === 'verbally-with-witness' && (
        <TextField
          id="witness"
          label={texts.witness}
          value={draft.witness}
          onChange={(witness) => change({ witness })}
          maxLength={200}
          autoComplete="off"
          validationBehavior="aria"
          {...invalid(errorOf, 'witness')}
        />
      )}
      <TextArea
        id="agreed"
        label={texts.agreed}
        description={texts.agreedHint}
        value={draft.agreed}
        onChange={(agreed) => change({ agreed })}
        maxLength={2000}
        validationBehavior="aria"
        {...invalid(errorOf, 'agreed')}
      />
      <TextField
        id="language"
        label={texts.language}
        value={draft.language}
        onChange={(language) => change({ language })}
        maxLength={100}
        autoComplete="off"
        validationBehavior="aria"
        {...invalid(errorOf, 'language')}
      />
      <TextField
        label={texts.interpreter}
        description={texts.interpreterHint}
        value={draft.interpreter}
        onChange={(interpreter) => change({ interpreter })}
        maxLength={200}
        autoComplete="off"
      />
      <TextField
        id="information"
        label={texts.information}
        description={texts.informationHint}
        value={draft.information}
        onChange={(information) => change({ information })}
        maxLength={200}
        autoComplete="off"
        validationBehavior="aria"
        {...invalid(errorOf, 'information')}
      />
    </>
  )
}

function OnWhichPaper({ draft, change, errorOf }: StepProps) {
  const { t } = useText()
  const texts = t.editor.given
  return (
    <>
      <TextArea
        id="evidence"
        label={texts.evidence}
        description={texts.evidenceHint}
        value={draft.evidence}
        onChange={(evidence) => change({ evidence })}
        maxLength={500}
        validationBehavior="aria"
        {...invalid(errorOf, 'evidence')}
      />
      <Checkbox
        isSelected={draft.shown === 'outside'}
        onChange={(isOutside) => change({ shown: isOutside ? 'outside' : 'here' })}
      >
        {texts.outside}
      </Checkbox>
      {draft.shown === 'outside' && <Notice tone="info">{texts.outsideNote}</Notice>}
    </>
  )
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase('sv') + text.slice(1)
