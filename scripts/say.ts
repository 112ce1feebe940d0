/** One line to the person who ran the command. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** One line about what went wrong. */
export function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}
