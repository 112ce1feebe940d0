import { Menu, type MenuItemConstructorOptions } from 'electron'

const isMac = process.platform === 'darwin'

/**
 * The application menu. Undo, save and close-tab are not in it: a menu's accelerator would take their keys away from the
 * editor, which has its own undo stack and its own commands.
 */
export function installMenu(): void {
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    { label: '&File', submenu: [isMac ? { role: 'close', accelerator: 'Cmd+Shift+W' } : { role: 'quit' }] },
    {
      label: '&Edit',
      submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { type: 'separator' }, { role: 'selectAll' }],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { role: 'reload', accelerator: '' },
        { role: 'toggleDevTools' },
      ],
    },
    { label: '&Window', submenu: [{ role: 'minimize' }, ...(isMac ? [{ role: 'front' } as const] : [])] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
