// One person in a browser of her own, in the words of what she does.
import { expect, type Locator, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CaseId, ThreadId } from '#libs/domain'
import type { Name } from '../../support/given.ts'
import type { Sluss } from './sluss.ts'

export type Login = Name

type Persona = { readonly id: string; readonly name: string; readonly tenant: string; readonly passphrase: string }
const demo = join(import.meta.dirname, '../../../apps/seed/demo')
const read = (name: string): unknown => JSON.parse(readFileSync(join(demo, name), 'utf8'))
const { personas } = read('personas.json') as { readonly personas: readonly Persona[] }
const { tenants } = read('tenants.json') as {
  readonly tenants: readonly { readonly id: string; readonly name: string }[]
}

const idIn = (address: string, after: string): string =>
  new RegExp(`/${after}/([0-9a-f-]{36})`).exec(address)?.[1] ?? 'none'

export class Person {
  readonly page: Page
  readonly name: string
  readonly #persona: Persona
  readonly #sluss: Sluss

  constructor(login: Login, page: Page, sluss: Sluss) {
    const persona = personas.find((one) => one.id === `p-${login}`)
    if (persona === undefined) throw new Error(`nobody is called ${login} in the demo`)
    this.#persona = persona
    this.#sluss = sluss
    this.name = persona.name
    this.page = page
  }

  get passphrase(): string {
    return this.#persona.passphrase
  }

  get organisation(): string {
    return tenants.find((one) => one.id === this.#persona.tenant)?.name ?? ''
  }

  heading = (name: string | RegExp): Locator =>
    this.page.getByRole('heading', { name, level: 1, exact: typeof name === 'string' })
  link = (name: string | RegExp): Locator => this.page.getByRole('link', { name, exact: typeof name === 'string' })
  button = (name: string | RegExp): Locator => this.page.getByRole('button', { name, exact: typeof name === 'string' })
  box = (name: string | RegExp): Locator => this.page.getByRole('checkbox', { name, exact: typeof name === 'string' })
  /** By its label, as a hand does: the input itself is drawn by its neighbours. */
  async ticks(name: string | RegExp, wanted: 'on' | 'off' = 'on'): Promise<void> {
    const box = this.box(name)
    if ((await box.isChecked()) !== (wanted === 'on')) await box.locator('xpath=ancestor::label').click()
    await expect(box).toBeChecked({ checked: wanted === 'on' })
  }
  async chooses(name: string | RegExp): Promise<void> {
    await this.page.getByRole('radio', { name }).locator('xpath=ancestor::label').click()
  }
  /** The six states, by name; `ready` has none. */
  state = (name: string): Locator => this.page.locator(`[data-state="${name}"]`)
  message = (text: string): Locator => this.page.locator('[data-kind="opened"]').filter({ hasText: text })

  async signsIn(): Promise<void> {
    await this.page.goto(this.#sluss.url)
    await this.link(this.organisation).click()
    await this.button(new RegExp(`^${this.name}`)).click()
    await expect(this.page).toHaveURL(new RegExp(`^${this.#sluss.url}`))
  }

  async unlocks(passphrase = this.#persona.passphrase): Promise<void> {
    await this.page.getByLabel('Lösenfras', { exact: true }).fill(passphrase)
    await this.button('Lås upp').click()
    await expect(this.link('Mina ärenden')).toBeVisible()
  }

  /** To another page of the client, with the key still unlocked. */
  async walksTo(path: string): Promise<void> {
    await this.page.evaluate((to) => window.history.pushState(null, '', to), path)
  }

  /** By the address, as from a bookmark: the key has to be unlocked again. */
  async goesTo(path: string): Promise<void> {
    await this.page.goto(`${this.#sluss.url}${path}`)
    await this.unlocks()
  }

  /** By the list, as one who works there. */
  async opens(id: CaseId): Promise<void> {
    await this.link('Mina ärenden').click()
    await this.page.locator(`a[href="/arenden/${id}"]`).click()
    await expect(this.page.getByRole('heading', { name: 'Vad som delas' })).toBeVisible()
  }

  /** From the case page, by its name: with whom it is, and about what. */
  async opensConsent(named = ''): Promise<void> {
    await this.link(new RegExp(`^${named}.* – visa, begränsa eller återkalla$`)).click()
    await expect(this.heading('Samtycke')).toBeVisible()
  }

  async opensThread(title: string): Promise<ThreadId> {
    await this.link(title).click()
    await expect(this.heading(title)).toBeVisible()
    return idIn(this.page.url(), 'tradar') as ThreadId
  }

  async opensCase(title: string): Promise<CaseId> {
    await this.link('Mina ärenden').click()
    await this.link('Nytt ärende').click()
    await this.page.getByLabel('Arbetsnamn').fill(title)
    await this.button('Skapa ärendet').click()
    await expect(this.heading(title)).toBeVisible()
    return idIn(this.page.url(), 'arenden') as CaseId
  }

  /** Walks through the guided registration, from the case page to the registered consent. */
  async registersConsent(terms: {
    readonly authority: string
    readonly categories: readonly string[]
    readonly evidence: string
  }): Promise<void> {
    await this.link('Registrera ett samtycke').click()
    await this.ticks('Den enskilde')
    await this.chooses('Skriftligt, på plats')
    await this.page.getByLabel('Vad personen har sagt ja till').fill('Att uppgifterna delas.')
    await this.page.getByLabel('Information som personen fick').fill('Informationsblad 3')
    await this.page.getByLabel('Underlag').fill(terms.evidence)
    await this.button('Nästa').click()
    await this.page.getByLabel('Sök myndighet eller nämnd').fill(terms.authority)
    await this.ticks(new RegExp(terms.authority))
    await this.button('Nästa').click()
    await this.chooses(/^Båda lämnar till varandra/)
    for (const category of terms.categories) await this.ticks(category)
    await this.ticks('Bedöma, skydda och planera')
    await this.button('Nästa').click()
    await this.chooses(/^6 månader/)
    await this.button('Nästa').click()
    await expect(this.page.getByText('Det här börjar delas')).toBeVisible()
    await this.ticks(/Jag har berättat för personen/)
    await this.button('Signera och registrera').click()
    await expect(this.heading('Samtycke')).toBeVisible()
  }

  async assigns(name: string): Promise<void> {
    await this.link('Visa och ändra tilldelningar').click()
    await this.button(/Medarbetare/).click()
    await this.page.getByRole('option', { name: new RegExp(name) }).click()
    await this.button('Tilldela').click()
    await expect(this.page.getByText(`${name} är tilldelad.`)).toBeVisible()
  }

  async choosesCategory(name: string): Promise<void> {
    await this.button(/Uppgiftskategori/).click()
    await this.page.getByRole('option', { name, exact: true }).click()
  }

  async beginsThread(title: string, category: string, text: string): Promise<ThreadId> {
    await this.link('Börja en tråd').click()
    await this.page.getByLabel('Rubrik').fill(title)
    await this.choosesCategory(category)
    await this.page.getByLabel('Meddelande', { exact: true }).fill(text)
    await this.button('Skicka').click()
    await expect(this.message(text)).toBeVisible()
    return idIn(this.page.url(), 'tradar') as ThreadId
  }

  async writes(text: string): Promise<void> {
    await this.page.getByLabel('Meddelande', { exact: true }).fill(text)
    await this.button('Skicka').click()
    await expect(this.message(text)).toBeVisible()
  }

  /** For people to look at; kept out of the repository. */
  async isPhotographed(name: string): Promise<void> {
    await this.page.screenshot({ path: join('test-results', 'screenshots', `${name}.png`) })
  }
}
