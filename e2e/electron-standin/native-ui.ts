/** Menus are built and forgotten: a page in Chromium has none. */
export const Menu = {
  buildFromTemplate: (template: unknown) => ({ template }),
  setApplicationMenu: (_menu: unknown) => {},
}

/** An error box becomes a line on stderr. */
export const dialog = {
  showErrorBox: (title: string, content: string) => process.stderr.write(`${title}\n${content}\n`),
}
