import { allCommands, runCommand } from '../commands/all-commands.ts'
import { commandFor, isApple } from '../commands/shortcuts.ts'

/** Gives every command its keys, ahead of the editor and the browser. */
export function wireShortcuts(): void {
  addEventListener(
    'keydown',
    (event) => {
      const command = commandFor(allCommands, event, isApple)
      if (!command) return
      event.preventDefault()
      event.stopPropagation()
      runCommand(command)
    },
    { capture: true },
  )
}
