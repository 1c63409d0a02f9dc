// Step 3: per authority, the direction, the categories, the purposes, the past, the units.
import { Checkbox, CheckboxGroup } from '@midas-ds/components/checkbox'
import { Radio, RadioGroup } from '@midas-ds/components/radio'
import { useQuery } from '@tanstack/react-query'
import { includesEarlierValues, purposes } from '#libs/domain'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { CategoryChoice } from '../../ui/category-choice.tsx'
import type { StepProps } from './consent-editor-page.tsx'
import type { Counterpart } from './editor-draft.ts'

export function ScopeStep({ draft, change, errorOf }: StepProps) {
  const put = (next: Counterpart) =>
    change({ counterparts: draft.counterparts.map((one) => (one.authority === next.authority ? next : one)) })
  return (
    <>
      {draft.counterparts.map((one) => (
        <CounterpartTerms key={one.authority} terms={one} put={put} errorOf={errorOf} />
      ))}
    </>
  )
}

type Props = {
  readonly terms: Counterpart
  readonly put: (next: Counterpart) => void
  readonly errorOf: StepProps['errorOf']
}

function CounterpartTerms({ terms, put, errorOf }: Props) {
  const { t } = useText()
  const texts = t.editor.scope
  const name = useNames().authority(terms.authority)
  const directionError = errorOf(`direction-${terms.authority}`)
  const purposeError = errorOf(`purposes-${terms.authority}`)
  return (
    <section className="card stack" aria-labelledby={`terms-${terms.authority}`}>
      <h3 id={`terms-${terms.authority}`}>{name}</h3>
      <div id={`direction-${terms.authority}`}>
        <RadioGroup
          label={texts.direction(name)}
          value={terms.direction}
          onChange={(value) => put({ ...terms, direction: value as Counterpart['direction'] })}
          validationBehavior="aria"
          {...(directionError === undefined ? {} : { isInvalid: true, errorMessage: directionError })}
        >
          <Radio value="mutual">{texts.mutual(name)}</Radio>
          <Radio value="from-us">{texts.fromUs(name)}</Radio>
          <Radio value="to-us">{texts.toUs(name)}</Radio>
        </RadioGroup>
      </div>
      <CategoryChoice
        id={`categories-${terms.authority}`}
        label={texts.categories(name)}
        value={terms.categories}
        onChange={(categories) => put({ ...terms, categories })}
        error={errorOf(`categories-${terms.authority}`)}
      />
      <div id={`purposes-${terms.authority}`}>
        <CheckboxGroup
          errorPosition="top"
          label={texts.purposes(name)}
          value={[...terms.purposes]}
          onChange={(chosen) => put({ ...terms, purposes: purposes.filter((one) => chosen.includes(one)) })}
          validationBehavior="aria"
          {...(purposeError === undefined ? {} : { isInvalid: true, errorMessage: purposeError })}
        >
          {purposes.map((purpose) => (
            <Checkbox key={purpose} value={purpose}>
              {t.domain.purposes[purpose]}
            </Checkbox>
          ))}
        </CheckboxGroup>
      </div>
      <RadioGroup
        label={texts.earlier(name)}
        value={terms.includesEarlier}
        onChange={(value) => put({ ...terms, includesEarlier: value as Counterpart['includesEarlier'] })}
      >
        {includesEarlierValues.map((one) => (
          <Radio key={one} value={one}>
            {t.domain.includesEarlier[one]}
          </Radio>
        ))}
      </RadioGroup>
      <Units terms={terms} put={put} errorOf={errorOf} />
    </section>
  )
}

function Units({ terms, put, errorOf }: Props) {
  const { t } = useText()
  const texts = t.editor.scope
  const directory = useQuery(reads.directory(useSession())).data ?? []
  const name = useNames().authority(terms.authority)
  const units = directory.flatMap((of) => of.authorities).find((one) => one.id === terms.authority)?.units ?? []
  const error = errorOf(`units-${terms.authority}`)
  if (units.length === 0) return null
  return (
    <>
      <RadioGroup
        label={texts.units(name)}
        value={terms.units === null ? 'all' : 'some'}
        onChange={(value) => put({ ...terms, units: value === 'all' ? null : [] })}
      >
        <Radio value="all">{texts.unitsAll}</Radio>
        <Radio value="some">{texts.unitsSome}</Radio>
      </RadioGroup>
      {terms.units !== null && (
        <div id={`units-${terms.authority}`}>
          <CheckboxGroup
            errorPosition="top"
            label={texts.unitsSome}
            value={[...terms.units]}
            onChange={(chosen) =>
              put({ ...terms, units: units.filter((one) => chosen.includes(one.id)).map((one) => one.id) })
            }
            validationBehavior="aria"
            {...(error === undefined ? {} : { isInvalid: true, errorMessage: error })}
          >
            {units.map((one) => (
              <Checkbox key={one.id} value={one.id}>
                {one.name}
              </Checkbox>
            ))}
          </CheckboxGroup>
        </div>
      )}
    </>
  )
}
