/** Words of MSL that say where something lies, or what a function is. Markdown by word. */
export const spaces: Record<string, string> = {
  device:
    '**Device memory**: the buffers that the host binds, shared by all threads of the grid, read and written.\n\nA simdgroup reads it best when its 32 lanes take neighbouring addresses: they then share cache lines. What one thread writes another sees only behind a barrier with `mem_device`, and only inside its threadgroup.',
  constant:
    '**Constant memory**: read-only, for what every thread reads alike: sizes, scales, tables.\n\nReading one address by a whole simdgroup is cheap; reading 32 different ones is not. At file scope it also holds `constexpr` values and function constants.',
  threadgroup:
    '**Threadgroup memory**: small and fast, shared by the threads of one threadgroup, and without a value when the threadgroup starts.\n\nUsually 32 KiB in all. Put a `threadgroup_barrier(mem_flags::mem_threadgroup)` between writing it and reading what another thread wrote. Lanes that hit one bank at different addresses wait for each other.',
  thread: '**Thread memory**: private to one thread, held in registers. It is what a variable without a word has.',
  kernel:
    '**Entry point**: a function that the host can launch over a grid of threads. It returns `void`; its parameters are bound by attributes such as `[[buffer(0)]]` or are positions such as `[[thread_position_in_grid]]`.',
}
