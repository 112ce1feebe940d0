import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { lastLines, run } from './processes.ts'
import { complain, say } from './say.ts'

/** What a command is for, which decides what it cannot do without. */
export type Purpose = 'start' | 'test'

/** Something of the system that the lab uses, and the packages that bring it, best first. */
interface Need {
  what: string
  isPresent: () => boolean
  debian: string[]
  fedora: string
  homebrew: string
  /** Without it nothing can be built. The others only take a device or a test away. */
  isVital: boolean
  purposes: Purpose[]
}

const both: Purpose[] = ['start', 'test']

const onPath = (...names: string[]) =>
  names.some((name) => (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name))))

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function hasLibrary(name: string): boolean {
  const known = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' })
  return known.status === 0 && known.stdout.includes(name)
}

const needs: Need[] = [
  {
    what: 'a C++ compiler, to build the native library',
    isPresent: () => onPath('g++', 'c++', 'clang++'),
    debian: ['g++'],
    fedora: 'gcc-c++',
    homebrew: 'llvm',
    isVital: true,
    purposes: both,
  },
  {
    what: 'CMake, to build the native library',
    isPresent: () => onPath('cmake'),
    debian: ['cmake'],
    fedora: 'cmake',
    homebrew: 'cmake',
    isVital: true,
    purposes: both,
  },
  {
    what: 'Ninja, to build the native library',
    isPresent: () => onPath('ninja'),
    debian: ['ninja-build'],
    fedora: 'ninja-build',
    homebrew: 'ninja',
    isVital: true,
    purposes: both,
  },
  {
    what: 'clang, with which the cpu device compiles kernels',
    isPresent: () => onPath('clang-22', 'clang-19'),
    debian: ['clang-22', 'clang-19'],
    fedora: 'clang',
    homebrew: 'llvm',
    isVital: false,
    purposes: both,
  },
  {
    // With what it depends on, 73 MB to fetch. The resident compiler needs none of it: it is clang itself.
    what: "LLVM's development package, from which the vector tier's compiler plugin is built",
    isPresent: () => existsSync('/usr/lib/llvm-22/include/llvm/IR/Function.h'),
    debian: ['llvm-22-dev'],
    fedora: 'llvm-devel',
    homebrew: 'llvm',
    isVital: false,
    purposes: both,
  },
  {
    what: "clangd, the editor's completion, hover and go to definition",
    isPresent: () => onPath('clangd-22', 'clangd-19', 'clangd'),
    debian: ['clangd-22', 'clangd-19'],
    fedora: 'clang-tools-extra',
    homebrew: 'llvm',
    isVital: false,
    purposes: both,
  },
  {
    what: "clang-format, which lays out the editor's kernels",
    isPresent: () => onPath('clang-format-22', 'clang-format-19', 'clang-format'),
    debian: ['clang-format-22', 'clang-format-19'],
    fedora: 'clang-tools-extra',
    homebrew: 'llvm',
    isVital: false,
    purposes: both,
  },
  {
    what: "OpenBLAS, the cpu device's baseline",
    isPresent: () => process.platform === 'darwin' || hasLibrary('libopenblas.so.0'),
    debian: ['libopenblas0-pthread'],
    fedora: 'openblas-threads',
    homebrew: 'openblas',
    isVital: false,
    purposes: both,
  },
  {
    what: 'Chromium, in which the journeys are tested',
    isPresent: () => onPath('chromium', 'chromium-browser', 'google-chrome'),
    debian: ['chromium'],
    fedora: 'chromium',
    homebrew: 'chromium',
    isVital: false,
    purposes: ['test'],
  },
]

/**
 * Makes sure that what a purpose needs is installed: on Debian as root by installing it, elsewhere by naming the one
 * command to run. False when something vital is still missing.
 */
export async function ensureSystemPackages(purpose: Purpose): Promise<boolean> {
  const missing = needs.filter((need) => need.purposes.includes(purpose) && !need.isPresent())
  if (missing.length === 0) return true
  const isDebian = existsSync('/etc/debian_version') && onPath('apt-get')
  if (isDebian && process.getuid?.() === 0) await install(missing)
  else advise(missing, isDebian)
  const still = missing.filter((need) => !need.isPresent())
  for (const need of still) complain(`Missing: ${need.what}.`)
  return !still.some((need) => need.isVital)
}

async function install(missing: Need[]): Promise<void> {
  say(`Installing with apt-get, once: ${missing.map((need) => `${need.debian[0]} (${need.what})`).join('; ')}`)
  const update = await apt(['update'])
  if (update.code !== 0) complain(`apt-get update failed:\n${lastLines(update.output, 5)}`)
  // A package that this release does not have would stop all others from being installed.
  const packages = missing.flatMap((need) => need.debian.find(isInstallable) ?? (need.isVital ? need.debian : []))
  const installed = await apt(['install', '--yes', '--no-install-recommends', ...packages])
  if (installed.code !== 0) complain(`apt-get install failed:\n${lastLines(installed.output, 10)}`)
}

const apt = (args: string[]) =>
  run('apt-get', ['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=600', ...args], {
    isCaptured: true,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  })

const isInstallable = (name: string) =>
  spawnSync('apt-cache', ['show', '--no-all-versions', name], { stdio: 'ignore' }).status === 0

function advise(missing: Need[], isDebian: boolean): void {
  complain('Install what is missing with:')
  if (process.platform === 'darwin') complain(`  brew install ${missing.map((n) => n.homebrew).join(' ')}`)
  else if (isDebian)
    complain(`  sudo apt-get update && sudo apt-get install ${missing.map((n) => n.debian[0]).join(' ')}`)
  else complain(`  sudo dnf install ${missing.map((n) => n.fedora).join(' ')}   (or your system's names for them)`)
}
