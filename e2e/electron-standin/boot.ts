import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from './app.ts'

/** Finds the app's entry as Electron does: the first argument that is no switch, a folder by its package.json. */
function entryOf(argument: string): { root: string; entry: string } {
  const path = resolve(argument)
  if (!statSync(path).isDirectory()) return { root: dirname(path), entry: path }
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  return { root: path, entry: join(path, manifest.main) }
}

// Without playwright's preload the path of this file is still in front; Electron's own argv has no such entry.
if (process.argv[1] === import.meta.filename) process.argv.splice(1, 1)
const { root, entry } = entryOf(process.argv.slice(1).find((a) => !a.startsWith('--')) ?? '.')
app.setRoot(root)
await import(pathToFileURL(entry).href)
