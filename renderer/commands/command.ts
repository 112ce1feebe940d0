import type { State } from '../state/store.ts'

/** Something a person can do, from the palette, a shortcut or a control. */
export interface Command {
  id: string
  label: string
  /** `Mod+Shift+P`: Mod is ⌘ on macOS, Ctrl elsewhere. */
  shortcut?: string
  /** Absent: always. */
  when?: (state: State) => boolean
  run: () => void | Promise<void>
}
