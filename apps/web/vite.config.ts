// How the browser's client is built: reproducible, nothing inlined, one worker module, fit for the strict policy of the server.
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'

/** Moves the design system's base64 icons into files of their own: `img-src` allows no `data:`. */
const extractDataUris = (): Plugin => ({
  name: 'extract-data-uris',
  apply: 'build',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue
      file.source = String(file.source).replace(
        /url\((["']?)data:image\/svg\+xml;base64,([\w+/=]+)\1\)/g,
        (_all, _quote, base64: string) => {
          const source = Buffer.from(base64, 'base64')
          const name = `icon-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.svg`
          this.emitFile({ type: 'asset', fileName: `assets/${name}`, source })
          return `url(./${name})`
        },
      )
    }
  },
})

/** Pins scripts and styles of `index.html` by SHA-384 over the files as written, so that a published build hash covers what is loaded first. */
const integrity = (): Plugin => ({
  name: 'integrity',
  apply: 'build',
  async writeBundle({ dir = '' }) {
    const page = join(dir, 'index.html')
    const written = await readFile(page, 'utf8').catch(() => null)
    // The worker is a bundle of its own, without a page.
    if (written === null) return
    const digests = new Map<string, string>()
    for (const [, name = ''] of written.matchAll(/="\/(assets\/[^"]+)"/g)) {
      digests.set(
        name,
        createHash('sha384')
          .update(await readFile(join(dir, name)))
          .digest('base64'),
      )
    }
    await writeFile(
      page,
      written.replace(/="\/(assets\/[^"]+)"/g, (tag, name: string) => `${tag} integrity="sha384-${digests.get(name)}"`),
    )
  },
})

/**
 * React Aria empties its announcer by `innerHTML`, which the page's policy refuses even for nothing: a date changed by the keyboard
 * would take the page down. Emptied as the policy allows.
 */
const announcerWithoutHtml = (): Plugin => ({
  name: 'announcer-without-html',
  transform(code, id) {
    if (!/live-announcer\/LiveAnnouncer\.m?js$/.test(id)) return null
    const changed = code.replaceAll(".innerHTML = ''", ".textContent = ''")
    if (changed === code && code.includes('clear(')) this.error('the announcer is emptied in another way than before')
    return { code: changed, map: null }
  },
})

// `en-US` stays: it is React Aria's fallback, and without it another locale gives a blank page.
const onlyOurLocales = { ...optimizeLocales.vite({ locales: ['sv-SE', 'en-GB', 'en-US'] }), enforce: 'pre' } as Plugin

export const webRoot = fileURLToPath(new URL('.', import.meta.url))

// `openpgp/lightweight` exists for browsers only; libraries import plain `openpgp`, which Node finds.
const alias = [{ find: /^openpgp$/, replacement: 'openpgp/lightweight' }]

export default defineConfig({
  root: webRoot,
  plugins: [onlyOurLocales, react(), announcerWithoutHtml(), extractDataUris(), integrity()],
  resolve: { conditions: ['sluss-source', ...defaultClientConditions], alias },
  worker: { format: 'es' },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    target: 'es2023',
  },
})
