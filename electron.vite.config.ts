import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string) => join(import.meta.dirname, path)

/** out/main (ESM), out/preload (CommonJS: a sandboxed preload cannot be a module), out/renderer (served by both shells). */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      rolldownOptions: {
        input: { main: at('electron/main/main.ts') },
        // The kernel host starts from its TypeScript source, so the supervisor must come from there too.
        external: [/^#harness\//],
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('electron/preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      rolldownOptions: { input: at('renderer/index.html') },
      chunkSizeWarningLimit: 8192,
    },
    worker: { format: 'es' },
  },
})
