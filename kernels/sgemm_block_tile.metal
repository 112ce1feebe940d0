// sgemm_block_tile: blocks of A and B in threadgroup memory, a TM×TN tile of C in the registers of every thread.
//
//   C[b] = act(alpha · (op(A[b]) · op(B[b]) + bias) + beta · C0[b])
//   op(A): M×K, op(B): K×N, C: M×N, bias: N; float or half, dense
//
//              BN                           one threadgroup computes a BM×BN block of C, BK steps of k at a time.
//          ┌────────────┐                   Of one k a thread reads TM elements of A into regM and TN of B into regN,
//       BK │ Bs         │                   and does TM·TN multiply-adds with them: (TM+TN)/(TM·TN) reads each.
//          └────────────┘
//     BK   ┌──┬──┬──┬──┐                   Columns of a thread's tile: groups of VN = min(TN, 4) neighbours, the same
//    ┌───┐ │▒▒│  │▒▒│  │ VM rows           group of the next thread beside it. A simdgroup's read of Bs is then one
//    │As │ ├──┼──┼──┼──┤                   stretch without a gap, and a vector load each; rows likewise.
//    └───┘ │▒▒│  │▒▒│  │ BM                ▒ = the tile of one thread: TM/VM × TN/VN pieces
//
//   | entry                  | BM×BN  | BK | TM×TN | threads | threadgroup bytes |
//   |------------------------|--------|----|-------|---------|-------------------|
//   | sgemm_block_1d         | 64×64  | 8  | 8×1   | 512     | 4352              |
//   | sgemm_block_1d_f16     | 64×64  | 8  | 8×1   | 512     | 2304              |
//   | sgemm_block_2d_4x4     | 32×32  | 8  | 4×4   | 64      | 2304              |
//   | sgemm_block_2d_4x4_f16 | 32×32  | 8  | 4×4   | 64      | 1280              |
//   | sgemm_block_2d_8x8     | 64×64  | 8  | 8×8   | 64      | 4352              |
//   | sgemm_block_2d_8x8_f16 | 64×64  | 8  | 8×8   | 64      | 2304              |
//   | sgemm_block_2d_8x4     | 128×64 | 8  | 8×4   | 256     | 6400              |
//   | sgemm_block_2d_8x4_f16 | 128×64 | 8  | 8×4   | 256     | 3328              |
//   …_f16: matrices of half, which are added up in float.
//   grid: ⌈N/BN⌉ × ⌈M/BM⌉ × batch threadgroups
//   | index | argument        |        | function constant | meaning                  |
//   |-------|-----------------|        |-------------------|--------------------------|
//   | 0 1 2 | A, B, C         |        | 1 transpose_a     | A is handed over as K×M  |
//   | 3 4 5 | M, N, K (uint)  |        | 2 transpose_b     | B is handed over as N×K  |
//   | 6 7   | alpha, beta     |        | 100…102          | see epilogue.h           |
//   | 8     | bias            |
//   Valid shapes: all; edges are filled with zeros while staging (gemm/panel.h).
//   The tile in registers: V. Volkov, J. Demmel, "Benchmarking GPUs to tune dense linear algebra", 2008.
//   | counted at m=37,n=43,k=29 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_block_1d            | 9280       | 6364          | 358   | 172         | 606208            | 0              | 128      | 0             |
//   | sgemm_block_1d_f16        | 4640       | 3182          | 266   | 172         | 303104            | 0              | 128      | 0             |
//   | sgemm_block_2d_4x4        | 18560      | 6364          | 976   | 292         | 229376            | 0              | 64       | 0             |
//   | sgemm_block_2d_4x4_f16    | 9280       | 3182          | 747   | 292         | 114688            | 0              | 64       | 0             |
//   | sgemm_block_2d_8x8        | 9280       | 6364          | 857   | 194         | 147456            | 0              | 16       | 0             |
//   | sgemm_block_2d_8x8_f16    | 4640       | 3182          | 651   | 194         | 73728             | 0              | 16       | 0             |
//   | sgemm_block_2d_8x4        | 9280       | 6364          | 613   | 178         | 270336            | 0              | 64       | 0             |
//   | sgemm_block_2d_8x4_f16    | 4640       | 3182          | 443   | 178         | 135168            | 0              | 64       | 0             |
//
//   | counted at m=128,n=128,k=16,tA=1,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_block_1d                        | 32768      | 65536         | 896   | 768         | 1212416           | 0              | 256      | 0             |
//   | sgemm_block_1d_f16                    | 16384      | 32768         | 768   | 768         | 606208            | 0              | 256      | 0             |
//   | sgemm_block_2d_4x4                    | 65536      | 65536         | 1792  | 1024        | 589824            | 0              | 128      | 0             |
//   | sgemm_block_2d_4x4_f16                | 32768      | 32768         | 1024  | 768         | 294912            | 0              | 128      | 0             |
//   | sgemm_block_2d_8x8                    | 32768      | 65536         | 1408  | 768         | 294912            | 0              | 32       | 0             |
//   | sgemm_block_2d_8x8_f16                | 16384      | 32768         | 768   | 512         | 147456            | 0              | 32       | 0             |
//   | sgemm_block_2d_8x4                    | 24576      | 65536         | 1280  | 704         | 417792            | 0              | 64       | 0             |
//   | sgemm_block_2d_8x4_f16                | 12288      | 32768         | 448   | 448         | 208896            | 0              | 64       | 0             |
#include "gemm/panel.h"

// COUNT elements of one k: groups of up to four neighbours, THREADS groups apart.
template <typename T, ushort COUNT, ushort THREADS>
void read_fragment(thread float (&fragment)[COUNT], threadgroup const T* row, ushort thread_in_row) {
  constexpr ushort V = COUNT < 4 ? COUNT : 4;
  static_assert(COUNT % V == 0 && V != 3, "a fragment is made of whole vectors");
  for (ushort group = 0; group < COUNT / V; group++) {
    threadgroup const T* from = row + (group * THREADS + thread_in_row) * V;
    if (V == 4) {
      const float4 values = float4(*(threadgroup const vec<T, 4>*)from);
      for (ushort i = 0; i < V; i++) fragment[group * V + i] = values[i];
    } else {
      for (ushort i = 0; i < V; i++) fragment[group * V + i] = float(from[i]);
    }
  }
}

// Where element `i` of a fragment is, counted from the start of the block.
template <ushort COUNT, ushort THREADS>
constexpr ushort place_in_block(ushort i, ushort thread_in_row) {
  constexpr ushort V = COUNT < 4 ? COUNT : 4;
  return (i / V * THREADS + thread_in_row) * V + i % V;
}

template <typename T, ushort BM, ushort BN, ushort BK, ushort TM, ushort TN>
[[kernel, max_total_threads_per_threadgroup(BM / TM * (BN / TN))]]
void sgemm_block_tile(device const T* A [[buffer(0)]],
                      device const T* B [[buffer(1)]],
                      device T* C [[buffer(2)]],
                      constant uint& M [[buffer(3)]],
                      constant uint& N [[buffer(4)]],
                      constant uint& K [[buffer(5)]],
                      constant float& alpha [[buffer(6)]],
                      constant float& beta [[buffer(7)]],
                      device const T* bias [[buffer(8), function_constant(has_bias)]],
                      uint3 block [[threadgroup_position_in_grid]],
                      ushort thread_index [[thread_index_in_threadgroup]],
                      ushort simdgroup [[simdgroup_index_in_threadgroup]]) {
  constexpr ushort ROWS = BM / TM, COLUMNS = BN / TN, THREADS = ROWS * COLUMNS, VN = TN < 4 ? TN : 4;
  constexpr ushort PITCH_M = Panel<T, BM, BK>::PITCH, PITCH_N = Panel<T, BN, BK>::PITCH;
  // Of vectors, so that they lie where a vector may be read.
  threadgroup vec<T, 4> As[Panel<T, BM, BK>::ELEMENTS / 4];
  threadgroup vec<T, 4> Bs[Panel<T, BN, BK>::ELEMENTS / 4];
  threadgroup T* panel_a = (threadgroup T*)As;
  threadgroup T* panel_b = (threadgroup T*)Bs;

  const Operand<T> a = dense_operand(A, block.z, M, K, transpose_a);
  const Operand<T> b = dense_operand(B, block.z, K, N, transpose_b).transposed();
  const ushort row = thread_index / COLUMNS, column = thread_index % COLUMNS;
  // A simdgroup whose first row is outside C has none inside: it stages for the others and multiplies nothing.
  const bool is_needed = block.y * BM + place_in_block<TM, ROWS>(0, simdgroup * 32 / COLUMNS) < M;

  float threadResults[TM * TN];
  for (ushort i = 0; i < TM * TN; i++) threadResults[i] = 0;
  for (uint k0 = 0; k0 < K; k0 += BK) {
    stage_panel<T, BM, BK, THREADS>(panel_a, a, block.y * BM, k0, thread_index);
    stage_panel<T, BN, BK, THREADS>(panel_b, b, block.x * BN, k0, thread_index);
    threadgroup_barrier(mem_flags::mem_threadgroup);

    for (ushort k = 0; is_needed && k < BK; k++) {
      float regM[TM], regN[TN];
      read_fragment<T, TM, ROWS>(regM, panel_a + k * PITCH_M, row);
      read_fragment<T, TN, COLUMNS>(regN, panel_b + k * PITCH_N, column);
      for (ushort i = 0; i < TM; i++)
        for (ushort j = 0; j < TN; j++) threadResults[i * TN + j] += regM[i] * regN[j];
    }
    // The next panels must not overwrite what a slower thread still reads.
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }

  const Output<T> out = dense_output(C, has_bias ? bias : nullptr, block.z, M, N, alpha, beta);
  for (ushort i = 0; i < TM; i++) {
    const uint r = block.y * BM + place_in_block<TM, ROWS>(i, row);
    for (ushort j = 0; j < TN; j += VN)
      out.template put_row<VN>(r, block.x * BN + place_in_block<TN, COLUMNS>(j, column), threadResults + i * TN + j);
  }
}

template [[host_name("sgemm_block_1d")]] kernel decltype(sgemm_block_tile<float, 64, 64, 8, 8, 1>) sgemm_block_tile<float, 64, 64, 8, 8, 1>;
template [[host_name("sgemm_block_1d_f16")]] kernel decltype(sgemm_block_tile<half, 64, 64, 8, 8, 1>) sgemm_block_tile<half, 64, 64, 8, 8, 1>;
template [[host_name("sgemm_block_2d_4x4")]] kernel decltype(sgemm_block_tile<float, 32, 32, 8, 4, 4>) sgemm_block_tile<float, 32, 32, 8, 4, 4>;
template [[host_name("sgemm_block_2d_4x4_f16")]] kernel decltype(sgemm_block_tile<half, 32, 32, 8, 4, 4>) sgemm_block_tile<half, 32, 32, 8, 4, 4>;
template [[host_name("sgemm_block_2d_8x8")]] kernel decltype(sgemm_block_tile<float, 64, 64, 8, 8, 8>) sgemm_block_tile<float, 64, 64, 8, 8, 8>;
template [[host_name("sgemm_block_2d_8x8_f16")]] kernel decltype(sgemm_block_tile<half, 64, 64, 8, 8, 8>) sgemm_block_tile<half, 64, 64, 8, 8, 8>;
template [[host_name("sgemm_block_2d_8x4")]] kernel decltype(sgemm_block_tile<float, 128, 64, 8, 8, 4>) sgemm_block_tile<float, 128, 64, 8, 8, 4>;
template [[host_name("sgemm_block_2d_8x4_f16")]] kernel decltype(sgemm_block_tile<half, 128, 64, 8, 8, 4>) sgemm_block_tile<half, 128, 64, 8, 8, 4>;
