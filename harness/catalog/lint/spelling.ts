function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(substitution, (previous[j] as number) + 1, (current[j - 1] as number) + 1))
    }
    previous = current
  }
  return previous[b.length] as number
}

/** A dropped letter is likelier than a wrong one, so it counts half. */
function unlikeness(key: string, name: string): number {
  const steps = distance(key.toLowerCase(), name.toLowerCase())
  const isShortened = new RegExp(Array.from(key, (letter) => letter.replace(/\W/g, '.')).join('.*')).test(name)
  return isShortened ? steps / 2 : steps
}

/** `; did you mean x?` for the known name that a key is likely a slip of; '' when none is near. */
export function suggestion(key: string, known: readonly string[]): string {
  const nearest = known.map((name) => ({ name, far: unlikeness(key, name) })).sort((a, b) => a.far - b.far)[0]
  return nearest && nearest.far <= Math.max(2, Math.floor(key.length / 3)) ? `; did you mean ${nearest.name}?` : ''
}
