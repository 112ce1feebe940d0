import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { release, type } from 'node:os'
import { join } from 'node:path'
import { powerState } from './power.ts'
import { repoRoot } from './repo-root.ts'

/** What a row says about the lab and the machine it ran on. */
export interface LabIdentity {
  /** Version of this lab. */
  labVersion: string
  /** Commit of the workspace with `+` when it has uncommitted changes; `unknown` outside a repository. */
  gitCommit: string
  /** Name and version of the operating system. */
  os: string
  /** Thermal and power state: see powerState. */
  power: string
}

function readVersion(): string {
  return JSON.parse(readFileSync(join(repoRoot(), 'package.json'), 'utf8')).version
}

function readCommit(folder: string): string {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '+' : '')
  } catch {
    return 'unknown'
  }
}

function readOs(): string {
  try {
    const pretty = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
    return pretty ? `${pretty} (${type()} ${release()})` : `${type()} ${release()}`
  } catch {
    return `${type()} ${release()}`
  }
}

/** Reads the identity afresh: the commit of `workspaceRoot` may have changed. */
export function labIdentity(workspaceRoot: string): LabIdentity {
  return { labVersion: readVersion(), gitCommit: readCommit(workspaceRoot), os: readOs(), power: powerState() }
}
