// The demo's root: the fingerprint that production refuses is that of the key in the file, and the public passphrase opens it.
import { openRoot } from '#libs/client'
import { join } from 'node:path'
import { demoRoot, demoRootPassphrase } from './root.ts'

test('the file’s fingerprint is that of its key', async () => {
  const file = demoRoot(join(__dirname, '../demo'))
  const root = await openRoot(file, demoRootPassphrase)
  expect(root.public.signing).toBe(file.signing)
  await expect(openRoot({ ...file, signing: file.encryption }, demoRootPassphrase)).rejects.toThrow()
})
