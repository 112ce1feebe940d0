import type { Binding, CompileReport, Diagnostic, Entry, FunctionConstant } from '#contract/diagnostic.ts'
import { Arena } from './arena.ts'
import type { FunctionName, StructName } from './declarations.ts'
import type { StructValues } from './layout.ts'
import type { NativeLibrary } from './native-library.ts'
import { type SourceLines, utf16Column } from './text-columns.ts'

const severities = ['note', 'warning', 'error'] as const
const bindingKinds = ['buffer', 'constant', 'threadgroup', 'texture', 'sampler'] as const
const accesses = ['read', 'write', 'read_write'] as const

function toDiagnostic(raw: StructValues<'klab_diagnostic'>, lines: SourceLines): Diagnostic {
  const column = (line: number, byteColumn: number) => utf16Column(lines.at(raw.file, line), byteColumn)
  const hasEnd = raw.end_line > 0 && raw.end_column > 0
  return {
    file: raw.file,
    line: raw.line,
    column: column(raw.line, raw.column),
    ...(hasEnd ? { endLine: raw.end_line, endColumn: column(raw.end_line, raw.end_column) } : {}),
    severity: severities[raw.severity] ?? 'error',
    message: raw.message,
  }
}

function toBinding(raw: StructValues<'klab_binding_info'>): Binding {
  return {
    index: raw.index,
    kind: bindingKinds[raw.kind] ?? 'buffer',
    type: raw.type,
    access: accesses[raw.access] ?? 'read_write',
    name: raw.name,
    isPointer: raw.is_pointer !== 0,
    isOptional: raw.is_optional !== 0,
    elementBytes: raw.element_bytes,
  }
}

const toConstant = (raw: StructValues<'klab_constant_info'>): FunctionConstant => ({
  index: raw.index,
  name: raw.name,
  type: raw.type,
  isRequired: raw.is_required !== 0,
})

/** Everything a module knows, in the contract's words. */
export interface ModuleContents {
  report: CompileReport
  compiler: string
}

/** Reads diagnostics, entries, bindings and constants of a module; columns become UTF-16 units. */
export function readModule(library: NativeLibrary, module: bigint, lines: SourceLines): ModuleContents {
  const one = <N extends StructName>(name: FunctionName, struct: N, ...at: number[]) => {
    const out = new Arena().out(struct)
    library.status(name, module, ...at, out.address)
    return out.read()
  }
  const many = <T>(count: number, item: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => item(index))

  const info = one('klab_module_get_info', 'klab_module_info')
  const constants = many(info.constant_count, (i) =>
    toConstant(one('klab_module_get_constant', 'klab_constant_info', i)),
  )
  const entryAt = (i: number): Entry => {
    const entry = one('klab_module_get_entry', 'klab_entry_info', i)
    return {
      name: entry.name,
      function: entry.function,
      file: entry.file,
      line: entry.line,
      maxTotalThreads: entry.max_total_threads,
      bindings: many(entry.binding_count, (b) => toBinding(one('klab_module_get_binding', 'klab_binding_info', i, b))),
      constants,
    }
  }
  const report: CompileReport = {
    ok: info.has_errors === 0,
    diagnostics: many(info.diagnostic_count, (i) =>
      toDiagnostic(one('klab_module_get_diagnostic', 'klab_diagnostic', i), lines),
    ),
    entries: many(info.entry_count, entryAt),
    sourceHash: info.source_hash,
    timing: { frontEndNs: Number(info.front_end_ns), optimiseNs: 0, linkNs: 0, cached: info.is_cached !== 0 },
  }
  return { report, compiler: info.compiler }
}
