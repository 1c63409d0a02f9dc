// Opens working titles and drafts that titles.ts sealed.
import type { CaseId, Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { textOf, unbase64 } from './bytes.ts'
import { gcmUnbox } from './open-primitives.ts'
import type { ProtocolRefusal } from './refusals.ts'
import type { Shape } from './shape.ts'
import { matching, object, text } from './shape.ts'
import { parseCanonical } from './signed-bytes.ts'
import type { StaffKey } from './staff-key.ts'
import { draftKey, titleKey } from './titles.ts'
import type { CaseKey } from './wraps.ts'

type Padded = { readonly pad: string; readonly text: string }
const shape: Shape<Padded> = object<Padded>({ pad: matching((pad) => /^0*$/.test(pad)), text: text(1_000_000) })

async function openPadded(key: Bytes, sealed: string): Promise<string | null> {
  const box = unbase64(sealed)
  const plaintext = box === null ? null : await gcmUnbox(key, box)
  const canonical = plaintext === null ? null : textOf(plaintext)
  const parsed = canonical === null ? null : parseCanonical(canonical)
  return parsed?.ok === true && shape(parsed.value) ? parsed.value.text : null
}

export async function openTitle(bytes: string, of: CaseId, epoch: CaseKey): Promise<Result<string, ProtocolRefusal>> {
  const title = await openPadded(await titleKey(epoch, of), bytes)
  return title === null ? refused('title-does-not-open') : ok(title)
}

export async function openDraft(sealed: string, by: StaffKey): Promise<Result<string, ProtocolRefusal>> {
  const draft = await openPadded(await draftKey(by), sealed)
  return draft === null ? refused('draft-does-not-open') : ok(draft)
}
