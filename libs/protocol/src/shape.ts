// Shapes: strict checks of parsed JSON. An object has exactly the members named; anything else is refused.

export type Shape<T> = (value: unknown) => value is T

type Members<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> }

/** Exactly these members; those in `optional` may be missing. */
export function object<T extends object>(members: Members<T>, ...optional: readonly (keyof T & string)[]): Shape<T> {
  const names = Object.keys(members) as (keyof T & string)[] // the keys of a literal written beside the type
  return (value): value is T => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    const entries = new Map<string, unknown>(Object.entries(value))
    if ([...entries.keys()].some((name) => !Object.hasOwn(members, name))) return false
    return names.every((name) => (entries.has(name) ? members[name](entries.get(name)) : optional.includes(name)))
  }
}

export const list =
  <T>(shape: Shape<T>): Shape<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every((item) => shape(item))

/** A list of words or ids in which none stands twice. */
export const set =
  <T extends string>(shape: Shape<T>): Shape<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every((item) => shape(item)) && new Set(value).size === value.length

export const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value): value is T | null =>
    value === null || shape(value)

export const either =
  <A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> =>
  (value): value is A | B =>
    first(value) || second(value)

export const oneOf =
  <T extends string | number | boolean>(...words: readonly T[]): Shape<T> =>
  (value): value is T =>
    words.some((word) => word === value)

export const record =
  <T>(names: Shape<string>, shape: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  (value): value is Readonly<Record<string, T>> =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, item]) => names(name) && shape(item))

const largestCount = 2 ** 31 - 1
/** Places, counts and versions: what fits the four octets of a seal, and any database. */
export const count: Shape<number> = (value): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= largestCount

export const text =
  (longest: number): Shape<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length <= longest

const unwritable = /[\p{Cc}\p{Cs}]/u
/** Text that a server keeps as such: no control character and no half of one, which not every database takes. */
export const line =
  (longest: number): Shape<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length <= longest && !unwritable.test(value)

export const boolean: Shape<boolean> = (value): value is boolean => typeof value === 'boolean'

export const matching =
  <T extends string>(check: (text: string) => boolean): Shape<T> =>
  (value): value is T =>
    typeof value === 'string' && check(value)
