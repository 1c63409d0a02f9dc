// A value or a listed reason: how the pure libraries say that something is refused.

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })
export const refused = <E>(error: E): Result<never, E> => ({ ok: false, error })

/** For the end of a `switch` over a closed union: a case that was forgotten does not compile. */
export function never(value: never): never {
  throw new Error(`Unexpected case: ${JSON.stringify(value)}`)
}
