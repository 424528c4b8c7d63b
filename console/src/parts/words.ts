// Whether a line of a list is meant by what somebody typed: each of the words is in it somewhere.
export function hasWords(line: string, typed: string): boolean {
  const all = line.toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word))
}
