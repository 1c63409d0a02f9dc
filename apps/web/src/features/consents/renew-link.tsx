// To asking the person again: the editor, filled in from the consent that it takes over from.
import type { CaseId } from '#libs/domain'
import type { ConsentView } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { ButtonLink } from '../../ui/button-link.tsx'

type Props = { readonly caseId: CaseId; readonly consent: ConsentView; readonly look: 'primary' | 'secondary' }

export function RenewLink({ caseId, consent, look }: Props) {
  const { t } = useText()
  return (
    <ButtonLink
      look={look}
      to="/arenden/$caseId/samtycken/nytt"
      params={{ caseId }}
      search={{ fornya: consent.registration }}
    >
      {t.consents.list.renew}
    </ButtonLink>
  )
}
