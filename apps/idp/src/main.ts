// The development identity provider: one issuer per organisation, whose demo staff sign in by a click and without a secret.
// It exits at once in production mode.
import { readIdpSettings } from './settings.ts'
import { startIdp } from './start.ts'

async function main(): Promise<void> {
  if (process.env['SLUSS_MODE'] === 'production')
    throw new Error('The development identity provider does not start in production: it asks nobody for a secret.')
  const idp = await startIdp(readIdpSettings(process.env))
  const stop = (): void => void idp.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
