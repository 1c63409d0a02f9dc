// Step 2: which authorities the person has agreed to. One by one; there is no "all".
import { Checkbox, CheckboxGroup } from '@midas-ds/components/checkbox'
import { SearchField } from '@midas-ds/components/search-field'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AuthorityId } from '#libs/domain'
import { useText } from '../../i18n/index.tsx'
import { authorityNames } from '../../session/names.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import type { StepProps } from './consent-editor-page.tsx'
import { newCounterpart } from './editor-draft.ts'

export function AuthoritiesStep({ draft, change, errorOf, own }: StepProps & { readonly own: AuthorityId }) {
  const { t } = useText()
  const texts = t.editor.authorities
  const [word, setWord] = useState('')
  const directory = useQuery(reads.directory(useSession())).data ?? []
  const all = [...authorityNames(directory)]
    .filter(([authority]) => authority !== own)
    .sort(([, one], [, other]) => one.localeCompare(other, 'sv'))
  const chosen = draft.counterparts.map((one) => one.authority)
  // What is chosen stays in sight whatever one searches for.
  const shown = all.filter(
    ([authority, name]) =>
      chosen.includes(authority) || name.toLocaleLowerCase('sv').includes(word.trim().toLocaleLowerCase('sv')),
  )
  const error = errorOf('authorities')
  const choose = (names: readonly string[]) =>
    change({
      counterparts: all
        .filter(([authority]) => names.includes(authority))
        .map(
          ([authority]) => draft.counterparts.find((one) => one.authority === authority) ?? newCounterpart(authority),
        ),
    })
  return (
    <>
      <p>{texts.note}</p>
      <SearchField label={texts.find} placeholder={texts.findHint} showButton={false} value={word} onChange={setWord} />
      <p role="status" className="quiet">
        {shown.length === 0 ? texts.none : texts.chosen(chosen.length)}
      </p>
      <div id="authorities" className="choice-box">
        <CheckboxGroup
          errorPosition="top"
          label={texts.which}
          description={texts.own}
          value={chosen}
          onChange={choose}
          validationBehavior="aria"
          {...(error === undefined ? {} : { isInvalid: true, errorMessage: error })}
        >
          {shown.map(([authority, name]) => (
            <Checkbox key={authority} value={authority}>
              {name}
            </Checkbox>
          ))}
        </CheckboxGroup>
      </div>
    </>
  )
}
