import type { Command } from './command.ts'

interface KeyPress {
  key: string
  /** The key's place, which stays when Alt makes another letter of it. */
  code?: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** Whether the platform's main modifier is ⌘. */
export function isApplePlatform(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform)
}

/** `Mod+Shift+P` as the key that was pressed. */
export function matchesShortcut(shortcut: string, press: KeyPress, isApple: boolean): boolean {
  const parts = shortcut.split('+')
  const key = parts.at(-1)
  const isMod = isApple ? press.metaKey : press.ctrlKey
  const isOtherMod = isApple ? press.ctrlKey : press.metaKey
  return (
    (press.key.toLowerCase() === key?.toLowerCase() || (press.altKey && press.code === `Key${key}`)) &&
    isMod === parts.includes('Mod') &&
    !isOtherMod &&
    press.shiftKey === parts.includes('Shift') &&
    press.altKey === parts.includes('Alt')
  )
}

/** The command that a key press asks for. */
export function commandFor(commands: readonly Command[], press: KeyPress, isApple: boolean): Command | undefined {
  return commands.find((command) => command.shortcut && matchesShortcut(command.shortcut, press, isApple))
}

/** A shortcut as the platform writes it. */
export function shortcutText(shortcut: string, isApple: boolean): string {
  const parts = shortcut.split('+').map((part) => (part === 'Enter' ? '↵' : part))
  if (!isApple) return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+')
  const symbols: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' }
  return parts.map((part) => symbols[part] ?? part).join('')
}

/** Whether this window's main modifier is ⌘. */
export const isApple = isApplePlatform(globalThis.navigator?.platform ?? '')
