// Every page as it is met: while it loads, when the server fails, when it is not for this person, and when all is well; each held
// against axe in light and dark, and against the width of the screen.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Route } from '@playwright/test'
import type { Person } from './support/person.ts'
import { axeFindings, expect, test } from './support/page.ts'

/** What stands for an id in an address. */
type Ids = { readonly caseId: string; readonly registrationId: string; readonly threadId: string }
type PageRow = {
  readonly address: string
  /** The page's own heading when all is well, or something in it. */
  readonly ready: string | RegExp
}

/** By hand; a page of the client that is not here fails the test below. */
const pages: readonly PageRow[] = [
  { address: '/arenden', ready: 'Sök i dina ärenden' },
  { address: '/arenden/nytt', ready: 'Arbetsnamn' },
  { address: '/arenden/$caseId/', ready: 'Vad som delas' },
  { address: '/arenden/$caseId/tilldelning', ready: 'Tilldelade nu' },
  { address: '/arenden/$caseId/logg', ready: 'Skapade ärendet' },
  { address: '/arenden/$caseId/samtycken/nytt', ready: 'Vem har lämnat samtycket?' },
  { address: '/arenden/$caseId/samtycken/$registrationId', ready: 'Vad samtycket omfattar' },
  { address: '/arenden/$caseId/samtycken/$registrationId/begransa', ready: 'Du har inte tagit bort något kryss än.' },
  { address: '/arenden/$caseId/tradar/ny', ready: 'Kategorin och ändamålet avgör vilka som får läsa.' },
  { address: '/arenden/$caseId/tradar/$threadId', ready: 'Två har sökt honom.' },
  { address: '/nycklar', ready: 'Intygade nycklar' },
  { address: '/installningar', ready: 'Ditt konto' },
]
const ofACase = pages.filter(({ address }) => address.includes('$caseId'))

const filled = (address: string, ids: Ids): string =>
  address
    .replace('$caseId', ids.caseId)
    .replace('$registrationId', ids.registrationId)
    .replace('$threadId', ids.threadId)
    .replace(/(.)\/$/, '$1')

/** Calls of the interface, as against files of the client. */
const isCall = (url: URL): boolean => /^\/(cases|keys|tenants|staff|session|directory|audit)/.test(url.pathname)

test('every address of the client has its row here', () => {
  const routes = readFileSync(join(import.meta.dirname, '../../apps/web/src/app/routes.tsx'), 'utf8')
  const paths = [...routes.matchAll(/getParentRoute: \(\) => (\w+),\s+path: '([^']+)'/g)].map(([, parent, path]) =>
    parent === 'oneCase' ? `/arenden/$caseId${path ?? ''}` : (path ?? ''),
  )
  expect(paths.filter((path) => path !== '/' && path !== '/arenden/$caseId').sort()).toEqual(
    pages.map(({ address }) => address).sort(),
  )
})

test('all pages, ready: axe, the width of the screen, the numbers to call', async ({ enters, sluss }) => {
  const { anna, ids } = await aCaseWithAll(enters, sluss)
  for (const { address, ready } of pages.filter(({ address }) => address !== '/nycklar'))
    await isInOrder(anna, filled(address, ids), ready)
})

test('the custodian’s page, ready', async ({ enters }) => {
  await isInOrder(await enters('mehmet'), '/nycklar', 'Intygade nycklar')
})

test('each step of the consent editor is in order, empty and with everything wrong in it', async ({
  enters,
  sluss,
}) => {
  const caseId = await sluss.says.opens('linnea')
  const anna = await enters('linnea')
  await anna.opens(caseId)
  await anna.link('Registrera ett samtycke').click()
  await anna.button('Nästa').click()
  await expect(anna.page.getByRole('alert')).toContainText('Välj vem som har lämnat samtycket')
  await expect(anna.page.getByRole('alert')).toBeFocused()
  await looksRight(anna)
  await anna.ticks('Den enskilde')
  await anna.chooses('Muntligt, med vittne')
  await anna.page.getByLabel('Underlag').fill('Ingen utskrift.')
  await looksRight(anna)
})

test('each page of a case while it loads, when the server fails, and after trying again', async ({ enters, sluss }) => {
  const { anna, ids } = await aCaseWithAll(enters, sluss)
  const server = await between(anna)
  for (const { address, ready } of ofACase) {
    // From where nothing of the case has been read.
    server.answers()
    await anna.walksTo('/installningar')
    await anna.page.reload()
    await expect(anna.heading('Inställningar')).toBeVisible()
    await anna.walksTo('/arenden/nytt')
    await anna.unlocks()
    server.hesitates()
    await anna.walksTo(filled(address, ids))
    await expect(anna.state('loading').first()).toBeVisible()
    await server.fails()
    await expect(anna.state('failed').first()).toBeVisible()
    server.answers()
    await expect(async () => {
      // What reads by itself when the contact is back needs no pressing.
      const again = anna.button('Försök igen').first()
      if (await again.isVisible()) await again.click({ timeout: 1_000 })
      await expect(anna.page.getByText(ready).first()).toBeVisible({ timeout: 3_000 })
    }).toPass()
  }
})

test('each page of a case to one who is not in it', async ({ enters, sluss }) => {
  const { id, registration } = await sluss.says.aCaseSharedWithPolice(['threat'])
  const threadId = await sluss.says.writes('linnea', id, 'threat', 'Två har sökt honom.')
  const stranger = await enters('osman')
  await expect(stranger.state('empty')).toContainText('Du har inga ärenden än')
  for (const { address } of ofACase) {
    await stranger.walksTo(filled(address, { caseId: id, registrationId: registration, threadId }))
    await expect(stranger.state('notPermitted').first()).toBeVisible()
    await expect(stranger.page.locator('main')).not.toContainText('Två har sökt honom.')
    await looksRight(stranger)
  }
})

test('every page of a case says which case, on the screen and on paper, and its number alone in the tab', async ({
  enters,
  sluss,
}) => {
  const { anna, ids } = await aCaseWithAll(enters, sluss)
  const main = anna.page.locator('main')
  await anna.walksTo(filled('/arenden/$caseId/', ids))
  await expect(anna.heading('Koltrast')).toBeVisible()
  const number = (await anna.page.locator('.under-heading').textContent()) ?? 'none'
  expect(number).toMatch(/^\w+-\d{4}-\w{5}$/)
  for (const { address } of ofACase) {
    await anna.walksTo(filled(address, ids))
    await expect(anna.page).toHaveTitle(new RegExp(`${number} – Sluss$`))
    expect(await anna.page.title()).not.toContain('Koltrast')
    for (const media of ['print', 'screen'] as const) {
      await anna.page.emulateMedia({ media })
      await expect(main.getByText(number, { exact: true })).toBeVisible()
      await expect(main.getByText('Koltrast').first()).toBeVisible()
    }
  }
})

test('a case without threads says so under its own heading, and offers the first', async ({ enters, sluss }) => {
  const id = await sluss.says.opens('linnea')
  const anna = await enters('linnea')
  await anna.opens(id)
  const threads = anna.page.getByRole('region', { name: 'Trådar' })
  await expect(threads.getByRole('heading', { name: 'Inga trådar än', level: 3 })).toBeVisible()
  await expect(threads.getByRole('link', { name: 'Börja en tråd' })).toBeVisible()
  await looksRight(anna)
})

test('the log leaves reading out, says so also on paper, and shows it when it is asked for', async ({
  enters,
  sluss,
}) => {
  const { anna, ids } = await aCaseWithAll(enters, sluss)
  await anna.walksTo(filled('/arenden/$caseId/logg', ids))
  const rows = anna.page.locator('.log')
  const said = anna.page.getByText('Läsning och nyckelbyten visas inte.')
  await expect(rows).toContainText('Skrev ett meddelande')
  await expect(rows).not.toContainText('Läste ärendet')
  await anna.page.emulateMedia({ media: 'print' })
  await expect(said).toBeVisible()
  await expect(anna.box('Visa också läsning och nyckelbyten')).toBeHidden()
  await anna.page.emulateMedia({ media: 'screen' })
  await anna.ticks('Visa också läsning och nyckelbyten')
  await expect(rows).toContainText('Läste ärendet')
  await expect(said).toBeHidden()
})

test('on paper there is what was read, who printed it, and nothing to press', async ({ enters, sluss }) => {
  const { anna, ids } = await aCaseWithAll(enters, sluss)
  await anna.walksTo(filled('/arenden/$caseId/tradar/$threadId', ids))
  await expect(anna.message('Två har sökt honom.')).toBeVisible()
  await anna.page.emulateMedia({ media: 'print' })
  await expect(anna.message('Två har sökt honom.')).toBeVisible()
  await expect(anna.page.getByText(/^Utskrivet ur Sluss av Linnea Rask/)).toBeVisible()
  await expect(anna.page.getByRole('button')).toHaveCount(0)
  await expect(anna.link('Mina ärenden')).toHaveCount(0)
})

test('the numbers to call stay in sight in a long thread and over a question; enlarged, nothing lies over the page', async ({
  enters,
  sluss,
}) => {
  const { anna, ids } = await aCaseWithAll(enters, sluss)
  const { page } = anna
  const call = page.getByRole('link', { name: 'Fara för liv? Ring 112' })
  await anna.walksTo(filled('/arenden/$caseId/tradar/$threadId', ids))
  await anna.writes('Rad\n'.repeat(60))
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
  await expect(call).toBeInViewport({ ratio: 1 })

  await anna.walksTo(filled('/arenden/$caseId/samtycken/$registrationId', ids))
  await anna.button('Återkalla samtycket').click()
  const question = page.getByRole('alertdialog')
  await expect(question.getByRole('link', { name: 'Fara för liv? Ring 112' })).toBeInViewport({ ratio: 1 })
  expect(await axeFindings(page)).toEqual([])
  await anna.button('Avbryt').click()
  await expect(anna.button('Återkalla samtycket')).toBeFocused()

  // 1280 × 900 at 200 % and at 400 %.
  await page.setViewportSize({ width: 640, height: 450 })
  await anna.button('Återkalla samtycket').click()
  await expect(question.getByRole('button', { name: 'Avbryt' })).toBeFocused()
  await expect(question.getByRole('button', { name: 'Avbryt' })).toBeInViewport({ ratio: 1 })
  await anna.button('Avbryt').click()
  // What was said stays in sight while there is room beside it, and not when it would fill the screen.
  await anna.walksTo(filled('/arenden/$caseId/', ids))
  await anna.button('Ändra arbetsnamn').click()
  await anna.button('Spara arbetsnamnet').click()
  const said = page.getByText('Arbetsnamnet är sparat.')
  const atTheEnd = () => page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
  await page.setViewportSize({ width: 640, height: 600 })
  await atTheEnd()
  await expect(said).toBeInViewport()
  await page.setViewportSize({ width: 320, height: 225 })
  await atTheEnd()
  await expect(said).not.toBeInViewport()
})

test('an address that leads nowhere says so', async ({ enters }) => {
  const anna = await enters('linnea')
  await anna.walksTo('/arenden/inte-ett-id')
  await expect(anna.state('notPermitted')).toContainText('Det du söker finns inte, eller finns inte för dig.')
  await anna.walksTo('/ingenstans')
  await expect(anna.heading('Sidan finns inte')).toBeVisible()
  await anna.link('Till mina ärenden').click()
  await expect(anna.heading('Mina ärenden')).toBeVisible()
})

/** Stands between a person and the server, and lets it answer, keep her waiting, or fail. */
async function between({ page }: Person) {
  let mood: 'answers' | 'hesitates' | 'fails' = 'answers'
  const held: Route[] = []
  const fail = (route: Route): Promise<void> =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: '/problems/internal-error', title: 'Something went wrong', status: 500 }),
    })
  await page.route(isCall, (route) => {
    if (mood === 'hesitates') return void held.push(route)
    return mood === 'fails' ? fail(route) : route.continue()
  })
  return {
    answers: (): void => void (mood = 'answers'),
    hesitates: (): void => void (mood = 'hesitates'),
    fails: async (): Promise<void> => {
      mood = 'fails'
      for (const route of held.splice(0)) await fail(route)
    },
  }
}

type Fixtures = Parameters<Parameters<typeof test>[2]>[0]

async function aCaseWithAll(
  enters: Fixtures['enters'],
  sluss: Fixtures['sluss'],
): Promise<{ readonly anna: Person; readonly ids: Ids }> {
  const { id, registration } = await sluss.says.aCaseSharedWithPolice(['threat', 'plan'])
  const threadId = await sluss.says.writes('linnea', id, 'threat', 'Två har sökt honom.')
  return { anna: await enters('linnea'), ids: { caseId: id, registrationId: registration, threadId } }
}

async function isInOrder(person: Person, path: string, ready: PageRow['ready']): Promise<void> {
  await person.walksTo(path)
  await expect(person.page.getByText(ready).first()).toBeVisible()
  await expect(person.state('loading')).toHaveCount(0)
  await looksRight(person)
}

async function looksRight({ page }: Person): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
  await expect(page.getByRole('link', { name: 'Fara för liv? Ring 112', exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: '114 14' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await axeFindings(page)).toEqual([])
  }
}
