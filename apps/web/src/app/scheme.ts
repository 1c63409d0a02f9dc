// Light or dark: as the device, unless the user has chosen.

export type Scheme = 'system' | 'light' | 'dark'

export function storedScheme(): Scheme {
  const stored = localStorage.getItem('scheme')
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function applyScheme(scheme: Scheme): void {
  if (scheme === 'system') {
    localStorage.removeItem('scheme')
    document.documentElement.removeAttribute('data-color-scheme')
    return
  }
  localStorage.setItem('scheme', scheme)
  document.documentElement.setAttribute('data-color-scheme', scheme)
}
