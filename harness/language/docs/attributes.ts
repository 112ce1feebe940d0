interface Attribute {
  /** With placeholders; absent: the word alone. */
  insert?: string
  documentation: string
}

const position = (what: string, type = 'uint, uint2 or uint3') => ({ documentation: `${what}\n\nType: ${type}.` })

/** What may stand between `[[` and `]]`, by its name. */
export const attributes: Record<string, Attribute> = {
  buffer: {
    insert: 'buffer(${1:0})',
    documentation: 'The buffer that the host binds at this index. For `device` and `constant` pointers and references.',
  },
  threadgroup: {
    insert: 'threadgroup(${1:0})',
    documentation: 'Threadgroup memory whose size the host gives at this index when it launches the kernel.',
  },
  function_constant: {
    insert: 'function_constant(${1:0})',
    documentation:
      'A constant whose value is chosen when the pipeline is built, so that branches on it cost nothing. On a parameter: the buffer is bound only where that constant is true.',
  },
  host_name: {
    insert: 'host_name("${1:name}")',
    documentation: 'The name by which the host asks for this function; on an instantiation of a template, its entry.',
  },
  kernel: { documentation: 'Marks an entry point, as the word `kernel` does.' },
  max_total_threads_per_threadgroup: {
    insert: 'max_total_threads_per_threadgroup(${1:256})',
    documentation:
      'A promise never to be launched with larger threadgroups: the compiler may then give each thread more registers.',
  },
  thread_position_in_grid: position("This thread's place among all threads."),
  thread_position_in_threadgroup: position("This thread's place in its threadgroup."),
  thread_index_in_threadgroup: position("This thread's number in its threadgroup, x running fastest.", 'uint'),
  thread_index_in_simdgroup: position("This thread's lane in its simdgroup, 0 to 31.", 'uint or ushort'),
  simdgroup_index_in_threadgroup: position('Number of the simdgroup in its threadgroup.', 'uint or ushort'),
  threadgroup_position_in_grid: position("The threadgroup's place among all threadgroups."),
  threads_per_grid: position('Threads of the whole grid.'),
  threads_per_threadgroup: position('Threads of a threadgroup, the one at hand where they differ at the edge.'),
  threads_per_simdgroup: position('Lanes of a simdgroup: 32.', 'uint or ushort'),
  threadgroups_per_grid: position('Threadgroups of the grid.'),
  simdgroups_per_threadgroup: position('Simdgroups of a threadgroup.', 'uint or ushort'),
  dispatch_threads_per_threadgroup: position('Threads of a threadgroup as the launch asked for them.'),
  dispatch_simdgroups_per_threadgroup: position('Simdgroups of a threadgroup as launched.', 'uint or ushort'),
  thread_execution_width: position('Lanes that run together: 32.', 'uint or ushort'),
  quadgroup_index_in_threadgroup: position('Number of the quad, four neighbouring lanes, in its threadgroup.', 'uint'),
  thread_index_in_quadgroup: position("This thread's place in its quad, 0 to 3.", 'uint'),
}
