import { lab } from '../client/lab.ts'

/** What the disk holds; null when it cannot be read. */
export async function readDocumentText(id: string): Promise<string | null> {
  const result = await lab().request('document.read', { id })
  return result.ok ? result.value.text : null
}
