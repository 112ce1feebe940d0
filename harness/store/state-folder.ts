import { homedir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from './canonical-json.ts'

/**
 * Folder of what the lab remembers about a workspace without writing into it: rows and unsaved text. Under
 * $XDG_STATE_HOME (default ~/.local/state), one per workspace root. Not created until something is written.
 */
export function stateFolderOf(root: string): string {
  const base = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state')
  return join(base, 'kernel-lab', sha256(root).slice(0, 16))
}
