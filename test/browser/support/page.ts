// Every browser test fails on a violated policy, a fault in the page or an error in its console.
import { test as base, expect, type Page } from '@playwright/test'
import { AxeBuilder } from '@axe-core/playwright'
import { serveClientAlone } from './client-alone.ts'

type OfTest = { readonly faults: readonly string[] }
type OfWorker = { readonly clientAlone: string }

export const test = base.extend<OfTest, OfWorker>({
  clientAlone: [
    async ({}, use) => {
      const { url, close } = await serveClientAlone()
      await use(url)
      await close()
    },
    { scope: 'worker' },
  ],
  faults: [
    async ({ page }, use) => {
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(String(error)))
      page.on('console', (message) => {
        // A refused request is an answer: Chromium logs each one as an error of its own.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          faults.push(message.text())
      })
      await page.addInitScript(() =>
        document.addEventListener('securitypolicyviolation', (event) =>
          console.error('policy', event.violatedDirective, event.blockedURI),
        ),
      )
      await use(faults)
      expect(faults).toEqual([])
    },
    { auto: true },
  ],
})
export { expect }

/** What axe finds, as short lines: an empty list is a pass, whatever the impact. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(
    (one) => `${one.impact} ${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  )
}
