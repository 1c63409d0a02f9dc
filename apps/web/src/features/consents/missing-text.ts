// The sentence for what is missing in a step, and the field it belongs to.
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import type { FieldError } from '../../ui/error-summary.tsx'
import type { Missing } from './editor-draft.ts'

export function useMissingText(): (missing: Missing) => FieldError {
  const { t } = useText()
  const { given, authorities, scope, time } = t.editor
  const names = useNames()
  return (missing) => {
    switch (missing.field) {
      case 'givers':
        return { field: 'givers', text: given.whoMissing }
      case 'how':
        return { field: 'how', text: given.howMissing }
      case 'on':
        return { field: 'on', text: given.onWrong }
      case 'lapses':
        return { field: 'lapses', text: given.lapsesWrong }
      case 'witness':
        return { field: 'witness', text: given.witnessMissing }
      case 'agreed':
        return { field: 'agreed', text: given.agreedMissing }
      case 'language':
        return { field: 'language', text: given.languageMissing }
      case 'information':
        return { field: 'information', text: given.informationMissing }
      case 'evidence':
        return { field: 'evidence', text: given.evidenceMissing }
      case 'authorities':
        return { field: 'authorities', text: authorities.missing }
      case 'until':
        return { field: 'until', text: time.untilWrong }
      case 'direction':
        return {
          field: `direction-${missing.authority}`,
          text: scope.directionMissing(names.authority(missing.authority)),
        }
      case 'categories':
        return {
          field: `categories-${missing.authority}`,
          text: scope.categoriesMissing(names.authority(missing.authority)),
        }
      case 'purposes':
        return {
          field: `purposes-${missing.authority}`,
          text: scope.purposesMissing(names.authority(missing.authority)),
        }
      case 'units':
        return { field: `units-${missing.authority}`, text: scope.unitsMissing(names.authority(missing.authority)) }
    }
  }
}
