// What every browser test stands on: a client alone or a running Sluss, people in browsers of their own; each test fails on a
// violated policy, a fault in a page or an error in its console.
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test'
import { serveClientAlone } from './client-alone.ts'
import { Person } from './person.ts'
import type { Login } from './person.ts'
import { startSlussFor } from './sluss.ts'
import type { Sluss } from './sluss.ts'

type OfTest = {
  readonly faults: string[]
  /** Signs somebody in, in a browser of her own. */
  readonly arrives: (name: Login, options?: BrowserContextOptions) => Promise<Person>
  /** The same, and unlocks her key. */
  readonly enters: (name: Login, options?: BrowserContextOptions) => Promise<Person>
}
type OfWorker = { readonly clientAlone: string; readonly sluss: Sluss }

export const test = base.extend<OfTest, OfWorker>({
  clientAlone: [
    async ({}, use) => {
      const { url, close } = await serveClientAlone()
      await use(url)
      await close()
    },
    { scope: 'worker' },
  ],
  sluss: [
    async ({}, use, { parallelIndex }) => {
      const sluss = await startSlussFor(parallelIndex)
      await use(sluss)
      await sluss.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  faults: [
    async ({ page }, use) => {
      const faults: string[] = []
      await watch(page, faults)
      await use(faults)
      expect(faults).toEqual([])
    },
    { auto: true },
  ],
  arrives: async ({ browser, contextOptions, sluss, faults }, use) => {
    const people: Person[] = []
    await use(async (name, options = {}) => {
      const person = new Person(name, await newPage(browser, { ...contextOptions, ...options }, faults), sluss)
      people.push(person)
      await person.signsIn()
      return person
    })
    for (const { page } of people) await page.context().close()
  },
  enters: async ({ arrives }, use) => {
    await use(async (name, options) => {
      const person = await arrives(name, options)
      await person.unlocks()
      return person
    })
  },
})
export { expect }

async function newPage(browser: Browser, options: BrowserContextOptions, faults: string[]): Promise<Page> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await watch(page, faults)
  return page
}

async function watch(page: Page, faults: string[]): Promise<void> {
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    // A refused request is an answer: Chromium logs each one as an error of its own.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text())
  })
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error('policy', event.violatedDirective, event.blockedURI),
    ),
  )
}

/** What axe finds, as short lines: an empty list is a pass, whatever the impact. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // A colour on its way to another scheme is nobody's contrast: what axe judges is where it arrives.
  await page.evaluate(async () => {
    const underWay = () => document.getAnimations().filter((one) => one instanceof CSSTransition)
    while (underWay().length > 0) await Promise.allSettled(underWay().map((one) => one.finished))
  })
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(
    (one) => `${one.impact} ${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  )
}
