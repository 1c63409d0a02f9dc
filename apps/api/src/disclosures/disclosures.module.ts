// The operations on disclosures, each with its handler.
import { disclosures } from '#libs/contracts'
import { capability } from '../platform/capability.ts'
import { closeDisclosure } from './close-disclosure.ts'
import { makeDisclosure } from './make-disclosure.ts'

export const DisclosuresModule = capability(disclosures, { make: makeDisclosure, close: closeDisclosure })
