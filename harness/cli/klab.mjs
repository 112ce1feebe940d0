#!/usr/bin/env node
// Starts the command under a Node that runs TypeScript directly: this one, or the pinned one of the repository.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants, homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const neededMajor = 24

// Compiled modules are kept for this command and, through the environment, for the kernel host it starts.
process.env.NODE_COMPILE_CACHE ??= join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kernel-lab', 'node')

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  const pinned = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))
  if (!existsSync(pinned)) {
    console.error(
      `klab needs Node ${neededMajor}; this is ${process.version} and ${pinned} does not exist. Run: npm install`,
    )
    process.exit(3)
  }
  const script = fileURLToPath(import.meta.url)
  const { status, signal } = spawnSync(pinned, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = status ?? 128 + (signal ? constants.signals[signal] : 0)
}
