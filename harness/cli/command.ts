import type { ParseArgsOptionsConfig } from 'node:util'
import type { Result } from '#contract/error.ts'
import type { Supervisor } from '../host/supervisor.ts'

/** What a command answers. */
export interface Answer {
  /** Printed as the one JSON document with --json. */
  document: unknown
  /** Printed without --json; nothing when empty. */
  text: string
  exitCode: number
}

/** One use of a command. */
export interface Invocation {
  /** After the command's name. */
  positionals: string[]
  /** Options by their long name; those given several times are arrays. */
  values: Record<string, string | boolean | (string | boolean)[] | undefined>
  /** Absolute. */
  workspaceRoot: string
  /** The supervised lab over the workspace, started on first use and closed by the frame. */
  lab(): Supervisor
  /** One more, beside it and in processes of its own. */
  anotherLab(): Supervisor
  /** Id of the device to use: --device, else cpu, else the first real one. `missing-tool` when it cannot be used here. */
  device(): Promise<Result<string>>
  /** A line for people, on stderr. */
  log(line: string): void
}

/** A command of `klab`: one file in commands/ that exports `command`. */
export interface Command {
  /** One line for the list of commands. */
  summary: string
  /** What follows `klab NAME`, without the options that every command has. */
  usage: string
  options: ParseArgsOptionsConfig
  /** Arguments that are no options; more are wrong usage. No limit when absent. */
  maxPositionals?: number
  run(invocation: Invocation): Promise<Result<Answer>>
}

/** All values of an option that may be given several times. */
export function listOf(invocation: Invocation, name: string): string[] {
  const value = invocation.values[name]
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return list.map(String)
}

/** The value of an option that takes one; undefined when it is absent. */
export function textOf(invocation: Invocation, name: string): string | undefined {
  const value = invocation.values[name]
  return typeof value === 'string' ? value : undefined
}
