/** The length of the words, each with its underscore, that all names begin with: what does not tell them apart. */
export function sharedPrefix(names: readonly string[]): number {
  const [first = '', ...rest] = names
  if (rest.length === 0) return 0
  let length = 0
  while (length < first.length && rest.every((name) => name[length] === first[length])) length++
  return first.slice(0, length).lastIndexOf('_') + 1
}
