// The frame and the door, with nobody signed in: reachable help, keyboard, languages, colours, a phone's width.
import { axeFindings, expect, test } from './support/page.ts'

test.beforeEach(async ({ page, clientAlone }) => {
  await page.goto(clientAlone)
  await expect(page.getByRole('heading', { level: 1, name: 'Logga in' })).toBeVisible()
})

test('112 and 114 14 are in reach before anybody has signed in', async ({ page }) => {
  const call = page.getByRole('link', { name: 'Fara för liv? Ring 112', exact: true })
  await expect(call).toHaveAttribute('href', 'tel:112')
  await expect(page.getByRole('link', { name: '114 14' })).toHaveAttribute('href', 'tel:11414')
  // As large as a thumb that is not steady.
  expect((await call.boundingBox())?.height).toBeGreaterThanOrEqual(44)
})

test('each organisation leads to its own sign-in', async ({ page }) => {
  await expect(page.getByRole('link', { name: 'Borås Stad' })).toHaveAttribute(
    'href',
    /^\/auth\/login\?tenant=[0-9a-f-]{36}$/,
  )
  await expect(page.getByRole('heading', { level: 3, name: 'Polisregioner' })).toBeVisible()
})

test('the first key press reaches the way past the menu', async ({ page }) => {
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Hoppa till innehållet' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('main')).toBeFocused()
})

test('axe finds nothing, in light and in dark', async ({ page }) => {
  expect(await axeFindings(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await axeFindings(page)).toEqual([])
})

test('nothing is wider than the screen', async ({ page }) => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
})

test('a stored choice of English gives English', async ({ page }) => {
  await page.evaluate(() => localStorage.setItem('language', 'en'))
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test('nothing is asked of any other host', async ({ page, clientAlone }) => {
  const hosts = new Set<string>()
  page.on('request', (request) => hosts.add(new URL(request.url()).origin))
  await page.reload()
  await expect(page.getByRole('link', { name: 'Borås Stad' })).toBeVisible()
  expect([...hosts]).toEqual([clientAlone])
})

test('a sign-in that came to nothing is told', async ({ page, clientAlone }) => {
  await page.goto(`${clientAlone}/?sign-in-failed`)
  await expect(page.getByRole('alert')).toContainText('Inloggningen blev inte klar')
})
