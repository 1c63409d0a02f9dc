// One's key: made at the first login, certified after words were compared, locked by hand and after a time without use.
import { axeFindings, expect, test } from './support/page.ts'

test('a first login: six words, two of them typed back, a custodian compares and certifies, and the cases open', async ({
  arrives,
  enters,
}) => {
  const nermina = await arrives('nermina')
  await expect(nermina.heading('Skapa din nyckel')).toBeVisible()
  await nermina.button('Visa min lösenfras').click()
  const words = await nermina.page.getByRole('list', { name: 'Sex ord' }).getByRole('listitem').allInnerTexts()
  expect(words).toHaveLength(6)
  await nermina.button('Jag har skrivit ner orden').click()

  // A word that is wrong is named, and the words can be seen again.
  const fields = nermina.page.getByRole('textbox', { name: /^Ord \d$/ })
  await nermina.button('Skapa nyckeln').click()
  await expect(nermina.page.getByRole('alert')).toContainText('stämmer inte')
  await nermina.isPhotographed('nyckel-1-fel-ord')
  for (const field of await fields.all()) {
    const place = Number(/\d/.exec((await field.getAttribute('id')) ?? '')?.[0])
    await field.fill(words[place] ?? '')
  }
  await nermina.button('Skapa nyckeln').click()
  await expect(nermina.heading('Nyckeln väntar på intyg')).toBeVisible()
  const readOut = await nermina.page.getByRole('list', { name: 'Sex ord' }).getByRole('listitem').allInnerTexts()

  const ida = await enters('ida')
  await ida.link('Nycklar').click()
  const card = ida.page.getByRole('article', { name: nermina.name })
  await expect(card.getByRole('listitem')).toHaveText(readOut)
  await card.getByRole('button', { name: 'Intyga nyckeln' }).click()
  await expect(card).toContainText('Bekräfta att orden stämde innan du intygar.')
  await card.getByRole('checkbox').locator('xpath=ancestor::label').click()
  await expect(card.getByRole('checkbox')).toBeChecked()

  // The list is read again while they speak, and a server that lies makes a leader of her: what was agreed to is no longer there.
  await expect(card).not.toContainText('enhetschef')
  await ida.page.route('**/keys/pending', async (route) => {
    const answer = await route.fetch()
    const { keys } = (await answer.json()) as { keys: readonly object[] }
    await route.fulfill({ response: answer, json: { keys: keys.map((one) => ({ ...one, roles: ['team_leader'] })) } })
  })
  await expect(card).toContainText('enhetschef', { timeout: 30_000 })
  await expect(card.getByRole('alert')).toContainText('ändrades efter att du kryssade i')
  await expect(card.getByRole('checkbox')).not.toBeChecked()
  await card.getByRole('button', { name: 'Intyga nyckeln' }).click()
  await expect(card).toContainText('Bekräfta att orden stämde innan du intygar.')
  await ida.isPhotographed('nyckel-2-andrad')
  await ida.page.unroute('**/keys/pending')
  await expect(card).not.toContainText('enhetschef', { timeout: 30_000 })
  await card.getByRole('checkbox').locator('xpath=ancestor::label').click()
  await ida.isPhotographed('nyckel-2-intyga')
  await card.getByRole('button', { name: 'Intyga nyckeln' }).click()
  await expect(ida.page.getByText(`Nyckeln för ${nermina.name} är intygad.`)).toBeVisible()

  await expect(nermina.heading('Mina ärenden')).toBeVisible()
  await expect(nermina.state('empty')).toContainText('Du har inga ärenden än')
  await nermina.button('Lås').click()
  await nermina.unlocks(words.join(' '))

  // Her passphrase is lost: the key ends, and she makes another.
  await ida.button(`Avsluta nyckeln för ${nermina.name}`).click()
  await ida.chooses('Lösenfrasen är borta')
  await ida.page.getByRole('alertdialog').getByRole('button', { name: 'Avsluta nyckeln' }).click()
  await expect(ida.page.getByText(`Nyckeln för ${nermina.name} är avslutad.`)).toBeVisible()
  await nermina.page.reload()
  await expect(nermina.page.getByText('Din förra nyckel är avslutad.')).toBeVisible()
})

test('what hides the passphrase is called what it is', async ({ arrives }) => {
  const linnea = await arrives('linnea')
  const phrase = linnea.page.getByLabel('Lösenfras', { exact: true })
  await expect(phrase).toHaveAttribute('type', 'password')
  await linnea.button('Visa lösenfras').click()
  await expect(phrase).toHaveAttribute('type', 'text')
  await expect(linnea.button('Visa lösenfras')).toBeVisible()
})

test('a wrong passphrase is told, and what has been lost is explained', async ({ arrives }) => {
  const anna = await arrives('linnea')
  await anna.button('Lås upp').click()
  await expect(anna.page.getByText('Skriv din lösenfras', { exact: true })).toBeVisible()
  await anna.page.getByLabel('Lösenfras', { exact: true }).fill('fel ord helt och hållet fel')
  await anna.button('Lås upp').click()
  await expect(anna.page.getByRole('alert')).toContainText('Lösenfrasen stämmer inte.')
  await anna.page.getByText('Har du tappat lösenfrasen?').click()
  await expect(anna.page.getByText('Den går inte att få fram.')).toBeVisible()
})

test('locking empties the page, in every tab; what was written is there again after unlocking', async ({
  enters,
  sluss,
}) => {
  const id = await sluss.says.opens('linnea')
  await sluss.says.writes('linnea', id, 'threat', 'Två har sökt honom.')
  const anna = await enters('linnea')
  await anna.opens(id)
  await anna.opensThread('Läget')
  await anna.page.getByLabel('Meddelande', { exact: true }).fill('Ring inte hem till mamma.')
  await expect(anna.page.getByText('Utkastet är sparat')).toBeVisible()
  const kept = await anna.page.evaluate(() => JSON.stringify(localStorage) + JSON.stringify(sessionStorage))
  expect(kept).toContain('draft/')
  expect(kept).not.toContain('mamma')

  const otherTab = await anna.page.context().newPage()
  await otherTab.goto(anna.page.url())
  await expect(otherTab.getByRole('heading', { level: 1, name: 'Lås upp' })).toBeVisible()
  await anna.button('Lås').click()
  await expect(anna.heading('Lås upp')).toBeVisible()
  await expect(anna.page.locator('body')).not.toContainText('Två har sökt honom.')
  await expect(anna.page.locator('body')).not.toContainText('mamma')

  await anna.unlocks()
  await expect(anna.message('Två har sökt honom.')).toBeVisible()
  await expect(anna.page.getByLabel('Meddelande', { exact: true })).toHaveValue('Ring inte hem till mamma.')
  await anna.button('Skicka').click()
  await expect(anna.message('Ring inte hem till mamma.')).toBeVisible()
  await otherTab.close()
})

test('a tab closed at the last letter loses none of it, and leaves nothing readable on the device', async ({
  enters,
  sluss,
}) => {
  const id = await sluss.says.opens('linnea')
  await sluss.says.writes('linnea', id, 'threat', 'Han vill bort.')
  const anna = await enters('linnea')
  await anna.opens(id)
  await anna.opensThread('Läget')
  const address = anna.page.url()
  const context = anna.page.context()
  // Time stands still from here on: what waits for a moment of rest before it is kept never is.
  await anna.page.clock.install()
  await anna.page.reload()
  await anna.unlocks()
  const text = 'Han ringde igen i natt.'
  const box = anna.page.getByLabel('Meddelande', { exact: true })
  await expect(box).toBeVisible()
  await anna.page.clock.pauseAt(Date.now() + 60_000)
  await box.pressSequentially(text)
  const sealed = (): Promise<string> =>
    anna.page.evaluate(() => {
      const name = Object.keys(localStorage).find((key) => key.startsWith('draft/'))
      return name === undefined ? '' : (localStorage.getItem(name) ?? '')
    })
  // Each letter is sealed anew under another nonce: the last one is when nothing changes any more.
  let before = ''
  await expect
    .poll(async () => {
      const now = await sealed()
      const isLast = now !== '' && now === before
      before = now
      return isLast
    })
    .toBe(true)
  await anna.page.close()

  const page = await context.newPage()
  await page.clock.resume()
  await page.goto(address)
  const kept = await page.evaluate(() => JSON.stringify(localStorage) + JSON.stringify(sessionStorage))
  expect(kept).not.toMatch(/ringde|i natt/)
  await page.getByLabel('Lösenfras', { exact: true }).fill(anna.passphrase)
  await page.getByRole('button', { name: 'Lås upp' }).click()
  await expect(page.getByLabel('Meddelande', { exact: true })).toHaveValue(text)

  // As it is when she has a new key: what was sealed under the old one is told as lost, not as never written.
  await page.evaluate(() => {
    const name = Object.keys(localStorage).find((key) => key.startsWith('draft/')) ?? ''
    localStorage.setItem(name, [...(localStorage.getItem(name) ?? '')].reverse().join(''))
  })
  await page.reload()
  await page.getByLabel('Lösenfras', { exact: true }).fill(anna.passphrase)
  await page.getByRole('button', { name: 'Lås upp' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Ditt utkast kan inte öppnas.' })).toBeVisible()
})

test('a page that is open asks now and then; one that is locked asks nothing, so that the session can end', async ({
  arrives,
}) => {
  const anna = await arrives('linnea')
  await anna.page.clock.install()
  await anna.page.reload()
  await anna.unlocks()
  await expect(anna.heading('Mina ärenden')).toBeVisible()
  const asked: string[] = []
  anna.page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await anna.page.clock.fastForward('06:00')
  await expect.poll(() => asked).not.toEqual([])
  // What locking itself asks, once: how it now stands with the key.
  const lastAsked = anna.page.waitForResponse((answer) => new URL(answer.url()).pathname === '/keys/own')
  await anna.button('Lås').click()
  await expect(anna.heading('Lås upp')).toBeVisible()
  await lastAsked
  asked.length = 0
  for (let turn = 0; turn < 3; turn += 1) await anna.page.clock.fastForward('06:00')
  // A call of the page's own is answered after whatever those minutes have set off.
  await anna.page.evaluate(() => fetch('/health').then((answer) => answer.status))
  expect(asked).toEqual(['/health'])
})

test('without use it warns, and then locks by itself', async ({ arrives }) => {
  const anna = await arrives('linnea')
  await anna.page.clock.install()
  await anna.page.reload()
  await anna.unlocks()
  await anna.page.clock.fastForward('29:30')
  await expect(anna.page.getByText(/Sluss låses om \d+ sekunder/).first()).toBeVisible()
  await anna.button('Fortsätt arbeta').click()
  await expect(anna.page.getByText(/Sluss låses om \d+ sekunder/)).toHaveCount(0)
  await anna.page.clock.fastForward('31:00')
  await expect(anna.heading('Lås upp')).toBeVisible()
})

test('signed out everywhere on one device, the other locks at once, whatever stands open there, and leads to signing in', async ({
  enters,
  sluss,
}) => {
  const id = await sluss.says.opens('linnea')
  await sluss.says.writes('linnea', id, 'threat', 'Två har sökt honom.')
  const [there, here] = [await enters('linnea'), await enters('linnea')]
  await there.opens(id)
  await there.opensThread('Läget')
  await there.page.getByLabel('Meddelande', { exact: true }).fill('Ring inte hem till mamma.')
  await expect(there.page.getByText('Utkastet är sparat på den här datorn eller telefonen, krypterat.')).toBeVisible()
  // A second tab there, on a page that shows nothing of any case.
  const otherTab = await there.page.context().newPage()
  await otherTab.goto(`${sluss.url}/installningar`)
  await expect(otherTab.getByRole('heading', { name: 'Ditt konto' })).toBeVisible()

  await here.link('Inställningar').click()
  await here.button('Logga ut överallt').click()
  await expect(here.heading('Logga in')).toBeVisible()
  await sluss.says.signsIn('linnea')
  await expect(there.heading('Du är utloggad')).toBeVisible({ timeout: 2_000 })
  await expect(there.heading('Du är utloggad')).toBeFocused()
  await expect(there.page.locator('body')).not.toContainText('Två har sökt honom.')
  await expect(there.page.locator('body')).not.toContainText('mamma')
  await expect(there.page.getByText('Ingen kontakt med servern')).toHaveCount(0)
  expect(await axeFindings(there.page)).toEqual([])
  await there.isPhotographed('utloggad')
  await expect(otherTab.getByRole('heading', { name: 'Du är utloggad' })).toBeVisible()

  await there.link('Logga in igen').click()
  // Her organisation still knows her; the passphrase is asked for all the same.
  await there.link(there.organisation).click()
  await there.unlocks()
  await there.opens(id)
  await there.opensThread('Läget')
  await expect(there.page.getByLabel('Meddelande', { exact: true })).toHaveValue('Ring inte hem till mamma.')
})

test('a call that is answered with signed out locks the page too; a server that cannot be reached does not', async ({
  enters,
  sluss,
}) => {
  const id = await sluss.says.opens('linnea')
  await sluss.says.writes('linnea', id, 'threat', 'Två har sökt honom.')
  const anna = await enters('linnea')
  await anna.opens(id)
  await anna.opensThread('Läget')
  await anna.page.route(/\/cursors|\/readers|\/messages/, (route) => route.abort())
  await anna.page.getByLabel('Meddelande', { exact: true }).fill('Ett ord.')
  await anna.button('Skicka').click()
  await expect(anna.page.getByRole('alert')).toBeVisible()
  await expect(anna.message('Två har sökt honom.')).toBeVisible()
  await anna.page.context().clearCookies()
  await anna.page.unroute(/\/cursors|\/readers|\/messages/)
  await anna.button('Skicka').click()
  await expect(anna.heading('Du är utloggad')).toBeVisible()
  await expect(anna.page.locator('body')).not.toContainText('Två har sökt honom.')
})
