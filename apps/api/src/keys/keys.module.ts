// The operations on keys, each with its handler.
import { keys } from '#libs/contracts'
import { capability } from '../platform/capability.ts'
import { certifyKey } from './certify-key.ts'
import { createKey } from './create-key.ts'
import { endKey } from './end-key.ts'
import { own, pending, wraps } from './keys.queries.ts'
import { maintainKeys } from './maintain-keys.ts'

export const KeysModule = capability(keys, {
  own,
  create: createKey,
  pending,
  certify: certifyKey,
  end: endKey,
  maintain: maintainKeys,
  wraps,
})
