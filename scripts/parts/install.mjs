// What has to be on the machine: a Node that is new enough, the packages of the lock file, and programs of the distribution.
import { existsSync } from 'node:fs'
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

/** `npm ci` when node_modules is missing or does not belong to the lock file. Answers whether it ran. */
export async function ensurePackages(say) {
  const wanted = hashOf(['package.json', 'package-lock.json', '.npmrc'])
  const packages = join(root, 'node_modules')
  const inPlace = join(packages, '.package-lock.json')
  if (existsSync(inPlace) && isDone(packages, 'packages', wanted)) return false
  if (existsSync(inPlace) && (await run('npm', ['ls', '--all', '--silent'], { cwd: root })).code === 0) {
    mark(packages, 'packages', wanted)
    return false
  }
  say('Installing packages (npm ci), about half a minute …')
  await must('npm ci', 'npm', ['ci', '--strict-allow-scripts', '--no-audit', '--no-fund'], { cwd: root })
  mark(packages, 'packages', wanted)
  return true
}

const isRoot = () => process.getuid?.() === 0

/**
 * A program of the distribution, installed where we may (root with apt-get); otherwise ends with exactly what to type.
 * `names`: what it may be called on PATH; `otherwise`: another way out, as a sentence.
 */
export async function ensureProgram({ names, aptPackage, brewPackage, otherwise, say }) {
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
