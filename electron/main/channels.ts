/** Names of the two channels between the page and the main process; the preload repeats them in its own bundle. */
export const channels = { request: 'lab:request', event: 'lab:event' } as const
