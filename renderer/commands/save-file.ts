/** Offers a text as a file to be kept: the browser's download, or Electron's dialog. */
export function saveFile({ name, text, type }: { name: string; text: string; type: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download reads the text after this function has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
