// The page's start: fonts, tokens, languages, session, routes. All of it is served from here; nothing is loaded from elsewhere.
import './no-eval.ts'
import '@fontsource-variable/inter/wght.css'
import '@midas-ds/theme/variables.css'
import '@midas-ds/theme/color-scheme.css'
import './app/base.css'
import './app/parts.css'
import './app/features.css'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { applyScheme, storedScheme } from './app/scheme.ts'
import { router } from './app/routes.tsx'
import { Languages } from './i18n/index.tsx'
import { SessionProvider } from './session/session.tsx'

applyScheme(storedScheme())

const place = document.getElementById('root')
if (place === null) throw new Error('index.html has no #root')
createRoot(place).render(
  <StrictMode>
    <Languages>
      <SessionProvider>
        <RouterProvider router={router} />
      </SessionProvider>
    </Languages>
  </StrictMode>,
)
