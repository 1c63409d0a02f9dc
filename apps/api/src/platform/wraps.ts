// The wraps of an append: exactly those that its statements name, each in its form and for the key it says (protocol.md § 5).
import type { Append } from '#libs/contracts'
import type { Fingerprint, Hash, KeyId, Verified } from '#libs/domain'
import type { StoredStatement } from '#libs/persistence'
import { checkEpochSeal, checkWrap, parseStatement, readPublicKey } from '#libs/protocol/verify'
import { Problem, unwrapStatement } from './problem.ts'

type Named = { readonly key: KeyId; readonly to: string; readonly hash: Hash }

/** Every wrap that these statements speak of. */
export function namedWraps(statements: readonly Verified[]): readonly Named[] {
  return statements.flatMap(({ statement }): readonly Named[] => {
    switch (statement.type) {
      case 'epoch.started':
        return statement.body.readers.map(({ key, wrap }) => ({ key: statement.body.epoch, to: key, hash: wrap }))
      case 'reception.started':
        return statement.body.readers.map(({ key, wrap }) => ({ key: statement.body.reception, to: key, hash: wrap }))
      case 'wraps.added':
        return statement.body.readers.map(({ key, wrap }) => ({ key: statement.body.key, to: key, hash: wrap }))
      case 'flow.keyed':
        return [
          { key: statement.body.flow, to: statement.body.reception, hash: statement.body.wrap },
          { key: statement.body.flow, to: 'epoch', hash: statement.body.sealed },
        ]
      default:
        return []
    }
  })
}

/** Ends in `statement-refused` where a wrap lacks, is one too many, is for another, or differs from what was signed. */
export async function checkWraps(
  wraps: Append['wraps'],
  statements: readonly Verified[],
  visible: () => Promise<readonly StoredStatement[]>,
): Promise<void> {
  const named = namedWraps(statements)
  if (named.length !== wraps.length) throw differs()
  const byName = new Map(wraps.map((wrap) => [`${wrap.key} ${wrap.to}`, wrap]))
  if (byName.size !== wraps.length) throw differs()
  for (const one of named) {
    const wrap = byName.get(`${one.key} ${one.to}`)
    if (wrap === undefined) throw differs()
    if (unwrapStatement(await checked(one, wrap.bytes, statements, visible)) !== one.hash) throw differs()
  }
}

const differs = (): Problem => new Problem('statement-refused', { reason: 'wrap-differs' })

async function checked(
  named: Named,
  bytes: string,
  statements: readonly Verified[],
  visible: () => Promise<readonly StoredStatement[]>,
): ReturnType<typeof checkWrap> {
  if (named.to === 'epoch') return checkEpochSeal(bytes)
  const isPerson = named.to.length === 64
  const encryption = isPerson ? (named.to as Fingerprint) : await receptionSubkey(named.to, statements, visible) // a fingerprint by its length: the contract allows no other text of 64
  return checkWrap(bytes, { encryption })
}

/** The subkey of a reception key, from the strand on which its authority gave it. */
async function receptionSubkey(
  reception: string,
  statements: readonly Verified[],
  visible: () => Promise<readonly StoredStatement[]>,
): Promise<Fingerprint> {
  const given = [...statements.map(({ statement }) => statement), ...parsedOf(await visible())]
  for (const statement of given)
    if (statement.type === 'reception.key' && statement.body.reception === reception)
      return unwrapStatement(await readPublicKey(statement.body.publicKey)).encryption
  throw new Problem('statement-refused', { reason: 'reception-unknown' })
}

function* parsedOf(stored: readonly StoredStatement[]): Iterable<Verified['statement']> {
  for (const one of stored) {
    const parsed = parseStatement(one.bytes)
    if (parsed.ok) yield parsed.value
  }
}
