// The way back to the page above.
import { Link, type LinkProps } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useText } from '../i18n/index.tsx'

type Props = LinkProps & { readonly name: string }

export function BackLink({ name, ...to }: Props) {
  const { t } = useText()
  return (
    <Link {...to} className="back-link">
      <ArrowLeft aria-hidden size={16} /> {t.shell.back(name)}
    </Link>
  )
}
