import { readFileSync } from 'node:fs'
import { applyEdits, modify } from 'jsonc-parser'
import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import { messageOf, writeFileAtomic } from '../store/atomic-file.ts'
import { sha256 } from '../store/canonical-json.ts'
import { withFileLock } from '../store/file-lock.ts'
import { nodeAt } from './json-node.ts'
import { parseManifestTree } from './manifest-file.ts'

/** How the text around an insertion is laid out, for jsonc-parser. */
function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
  const isTab = indent.startsWith('\t')
  return { insertSpaces: !isTab, tabSize: isTab ? 1 : indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' }
}

/**
 * The text with one value of a JSON path set and every other byte as it was; the key is added when it is missing. A
 * byte order mark stays. Fails with `manifest` when the text is not JSON or the path's parent does not exist.
 */
export function withValue(
  path: string,
  edit: { text: string; at: (string | number)[]; value: boolean | number | string },
): Result<string> {
  const mark = edit.text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const text = edit.text.slice(mark.length)
  const tree = parseManifestTree(path, text)
  if (!tree.ok) return tree
  const node = nodeAt(tree.value, edit.at)
  const replacement = JSON.stringify(edit.value)
  if (node) return ok(mark + text.slice(0, node.offset) + replacement + text.slice(node.offset + node.length))
  if (nodeAt(tree.value, edit.at.slice(0, -1))?.type !== 'object') {
    return fail({
      kind: 'manifest',
      message: `${path} has no ${edit.at.slice(0, -1).join('.')} to write ${edit.at.at(-1)} into`,
      path,
    })
  }
  return ok(mark + applyEdits(text, modify(text, edit.at, edit.value, { formattingOptions: formattingOf(text) })))
}

/**
 * Sets one value of a manifest on disk, atomically. Refused with `conflict` when the file no longer has the bytes of
 * baseHash: what the caller decided on is not what would be changed, or while another process is writing it. Answers the
 * hash of the new bytes.
 */
export function editManifest(
  path: string,
  edit: { baseHash: string; at: (string | number)[]; value: boolean | number | string },
): Result<{ hash: string }> {
  return withFileLock(path, () => editUnlocked(path, edit))
}

function editUnlocked(path: string, edit: Parameters<typeof editManifest>[1]): Result<{ hash: string }> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    return fail({ kind: 'not-found', message: `cannot read the manifest ${path}: ${messageOf(error)}` })
  }
  if (sha256(bytes) !== edit.baseHash) {
    return fail({
      kind: 'conflict',
      message: `${path} changed on disk since it was read; read it again and repeat the change`,
    })
  }
  const text = withValue(path, { text: bytes.toString('utf8'), at: edit.at, value: edit.value })
  if (!text.ok) return text
  const data = new TextEncoder().encode(text.value)
  const written = writeFileAtomic(path, data)
  return written.ok ? ok({ hash: sha256(data) }) : written
}
