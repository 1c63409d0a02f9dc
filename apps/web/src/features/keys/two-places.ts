// Which two words of a passphrase are asked for: different ones, in their order, by the device's randomness.

export function twoPlaces(count: number, random: (n: number) => Uint8Array): readonly [number, number] {
  const [one = 0, other = 0] = random(2)
  const first = one % count
  const second = (first + 1 + (other % (count - 1))) % count
  return first < second ? [first, second] : [second, first]
}
