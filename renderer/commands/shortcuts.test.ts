import { describe, expect, it } from 'vitest'
import { allCommands } from './all-commands.ts'
import { matchesShortcut, shortcutText } from './shortcuts.ts'

const press = (key: string, patch = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...patch,
})

describe('shortcuts', () => {
  it('takes ⌘ on macOS and Ctrl elsewhere', () => {
    expect(matchesShortcut('Mod+S', press('s', { ctrlKey: true }), false)).toBe(true)
    expect(matchesShortcut('Mod+S', press('s', { metaKey: true }), true)).toBe(true)
    expect(matchesShortcut('Mod+S', press('s', { ctrlKey: true }), true)).toBe(false)
  })

  it('wants exactly the modifiers it names', () => {
    expect(matchesShortcut('Mod+P', press('P', { ctrlKey: true, shiftKey: true }), false)).toBe(false)
    expect(matchesShortcut('Mod+Shift+P', press('P', { ctrlKey: true, shiftKey: true }), false)).toBe(true)
  })

  it('finds a letter by its place where Alt types another one', () => {
    expect(matchesShortcut('Alt+W', press('∑', { altKey: true, code: 'KeyW' }), true)).toBe(true)
    expect(matchesShortcut('Alt+W', press('q', { altKey: true, code: 'KeyQ' }), true)).toBe(false)
  })

  it('is written as the platform writes it', () => {
    expect(shortcutText('Mod+Shift+P', false)).toBe('Ctrl+Shift+P')
    expect(shortcutText('Mod+Enter', true)).toBe('⌘↵')
  })

  it('gives no two commands the same keys or id', () => {
    const keys = allCommands.flatMap((command) => command.shortcut ?? [])
    expect(new Set(keys).size).toBe(keys.length)
    expect(new Set(allCommands.map((command) => command.id)).size).toBe(allCommands.length)
  })
})
