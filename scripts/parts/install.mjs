// What has to be on the machine: a Node that is new enough, the packages of the lock file, and programs of the distribution.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './places.mjs'
import { Stop, must, onPath, run } from './run.mjs'
import { hashOf, isDone, mark } from './stamps.mjs'

const leastNode = [20, 19]

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])) return
  throw new Stop(`Sluss needs Node ${leastNode.join('.')} or newer; this is ${version}.`)
}

/** What package.json lets run a script at installation, of what is in place here. */
function allowedScripts() {
  const { allowScripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const isInPlace = (name) => existsSync(join(root, 'node_modules', name))
  return Object.keys(allowScripts).filter((name) => allowScripts[name] === true && isInPlace(name))
}

/** Runs the allowed install scripts and no other. npm's own allow-list is not relied on: npm 10, which Node 20 brings, has none. */
async function runAllowedScripts() {
  const names = allowedScripts()
  if (names.length === 0) return
  await must('npm rebuild', 'npm', ['rebuild', '--ignore-scripts=false', ...names], { cwd: root })
}

/** `npm ci` when node_modules is missing or does not belong to the lock file. Answers whether it ran. */
export async function ensurePackages(say) {
  const wanted = hashOf(['package.json', 'package-lock.json', '.npmrc'])
  const packages = join(root, 'node_modules')
  const inPlace = join(packages, '.package-lock.json')
  if (existsSync(inPlace) && isDone(packages, 'packages', wanted)) return false
  const isWhole = existsSync(inPlace) && (await run('npm', ['ls', '--all', '--silent'], { cwd: root })).code === 0
  if (!isWhole) {
    say('Installing packages (npm ci), about half a minute …')
    await must('npm ci', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root })
  }
  // Also after somebody's own `npm ci`: .npmrc lets it run no script at all.
  await runAllowedScripts()
  mark(packages, 'packages', wanted)
  return !isWhole
}

const isRoot = () => process.getuid?.() === 0

/**
 * A program of the distribution, installed where we may (root with apt-get); otherwise ends with exactly what to type.
 * `names`: what it may be called on PATH; `otherwise`: another way out, as a sentence.
 */
async function ensureProgram({ names, aptPackage, brewPackage, otherwise, say }) {
  const found = onPath(...names)
  if (found !== null) return found
  if (isRoot() && onPath('apt-get') !== null) {
    say(`Installing ${aptPackage} (apt-get) …`)
    const environment = { DEBIAN_FRONTEND: 'noninteractive' }
    const install = ['install', '-y', '--no-install-recommends', aptPackage]
    await run('apt-get', ['update'], { env: environment })
    await must(`Installing ${aptPackage}`, 'apt-get', install, { env: environment })
    const installed = onPath(...names)
    if (installed !== null) return installed
  }
  const ways = [
    ['apt-get', `sudo apt-get install ${aptPackage}`],
    ['dnf', `sudo dnf install ${brewPackage}`],
    ['brew', `brew install ${brewPackage}`],
  ].filter(([manager]) => onPath(manager) !== null)
  const typed = (ways.length > 0 ? ways : [['', `install ${brewPackage}`]]).map(([, line]) => `  ${line}`).join('\n')
  throw new Stop(`${names[0]} is missing. Type:\n${typed}\nand begin again. ${otherwise}`)
}

export const ensureRedis = (say) =>
  ensureProgram({
    names: ['redis-server', 'valkey-server'],
    aptPackage: 'redis-server',
    brewPackage: 'redis',
    otherwise: 'Or point REDIS_URL at a Redis that runs already.',
    say,
  })

export const ensureChromium = (say) =>
  ensureProgram({
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    aptPackage: 'chromium',
    brewPackage: 'chromium',
    otherwise: 'Or name one by CHROMIUM.',
    say,
  })
