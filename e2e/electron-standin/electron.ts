// biome-ignore lint/performance/noBarrelFile: this file is the module that `electron` names.
export { app } from './app.ts'
export { BrowserWindow, webContents } from './browser-window.ts'
export { ipcMain } from './ipc-main.ts'
export { dialog, Menu } from './native-ui.ts'
