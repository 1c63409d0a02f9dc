// A link that looks like a button: it goes somewhere, it does nothing.
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'

type Props = LinkProps & { readonly look: 'primary' | 'secondary'; readonly children: ReactNode }

export function ButtonLink({ look, children, ...to }: Props) {
  return (
    <Link {...to} className={`button-link button-link-${look}`}>
      {children}
    </Link>
  )
}
