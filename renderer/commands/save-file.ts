/** Offers a text as a file to be kept: the browser's download, or Electron's dialog. */
export function saveFile({ name, text, type }: { name: string; text: string; type: string }): void {
  saveBlob(name, new Blob([text], { type }))
}

/** Offers bytes as a file to be kept. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download reads the bytes after this function has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
