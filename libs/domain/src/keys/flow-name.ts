// What a flow is called between the clients and the server.
import type { AuthorityId, CompartmentId, Hash, UnitId } from '../ids.ts'

/**
 * The name by which a sender leaves a flow out (protocol.md § 6): `<compartment>/<recipient>`, and the units after another `/` where it
 * is for some. One that a disclosure opens bears that after a `!`, so that leaving the grants' flow out does not leave it out too.
 */
export const flowName = (flow: {
  readonly compartment: CompartmentId
  readonly recipient: AuthorityId
  readonly units: readonly UnitId[] | null
  readonly disclosure: Hash | null
}): string =>
  flow.disclosure === null
    ? `${flow.compartment}/${flow.recipient}${flow.units === null ? '' : `/${[...flow.units].sort().join(',')}`}`
    : `${flow.compartment}/${flow.recipient}!${flow.disclosure}`
