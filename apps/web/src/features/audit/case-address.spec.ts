// A log reviewer has no list of cases: she is given an address, and anything in it that is no case leads nowhere.
import { caseIn } from './case-address.ts'

const aCase = '0b6f1f0e-6a55-4a7e-9d0c-2f8f5d3f7a11'

test('the address of a case, of any page in it, and its id alone name the case', () => {
  const addresses = ['', '/logg', '/tradar/0b6f1f0e-6a55-4a7e-9d0c-2f8f5d3f7a12', '?x=1', '#words']
  for (const rest of addresses) expect(caseIn(` https://sluss.example/arenden/${aCase}${rest} `)).toBe(aCase)
  expect(caseIn(aCase)).toBe(aCase)
})

test('a number, a new case, half an id or another address name none', () => {
  const others = ['', '1490-2026-00012', 'https://sluss.example/arenden/nytt', aCase.slice(0, 35), `/nycklar/${aCase}`]
  for (const text of others) expect(caseIn(text)).toBeNull()
})
