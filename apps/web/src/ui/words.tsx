// Words to read aloud or write down, numbered, each easy to find again.

export function Words({ words, label }: { readonly words: readonly string[]; readonly label: string }) {
  return (
    <ol className="words" aria-label={label} translate="no" lang="sv">
      {words.map((word, place) => (
        <li key={`${place}${word}`}>{word}</li>
      ))}
    </ol>
  )
}
