/* Kernels on vectors of 32-bit integers, for loops that compilers leave scalar. VECTOR_BODY names a
 * file of static functions; it is included once for each level of the CPU, with
 *
 *     vector                      the level's vector type
 *     VECTOR_WIDTH                integers in it
 *     VECTOR_MIN, VECTOR_MAX      of two vectors, lane by lane
 *     VECTOR_SELECT(m, a, b)      a where m (a comparison) holds, else b
 *     VECTOR_LOAD, VECTOR_STORE   at any alignment
 *     VECTOR_UNROLL               before a short loop over vectors that are to stay in registers
 *     LEVELLED(name)              the function's name at this level
 *     VECTOR_FUNCTION             put before each function's type: it is inlined, and
 *     VECTOR_ENTRY                the same for a function that CPU_CHOICE calls
 *
 * Vectors are passed by pointer: their registers differ from one level to the next.
 * After it, CPU_CHOICE(name, name_generic, ...) makes a function of the variants. */
#include <stdint.h>
#include <string.h>

#include "common/kernel/cpu.h"

#define VECTOR_PASTE_(a, b) a##_##b
#define VECTOR_PASTE(a, b) VECTOR_PASTE_(a, b)
#define LEVELLED(name) VECTOR_PASTE(name, VECTOR_LEVEL)
#define vector VECTOR_PASTE(vector, VECTOR_LEVEL)
#define VECTOR_WIDTH (sizeof(vector) / sizeof(int32_t))
#define VECTOR_SELECT(m, a, b) (((a) & (m)) | ((b) & ~(m)))
#define VECTOR_LOAD(v, from) memcpy(&(v), from, sizeof(v))
#define VECTOR_STORE(to, v) memcpy(to, &(v), sizeof(v))
#ifdef __clang__
#define VECTOR_UNROLL _Pragma("unroll")
#else
#define VECTOR_UNROLL _Pragma("GCC unroll 16")
#endif
#define VECTOR_FUNCTION static inline CPU_INLINE VECTOR_TARGET
#define VECTOR_ENTRY static VECTOR_TARGET

typedef int32_t vector_generic __attribute__((vector_size(16)));

#define VECTOR_LEVEL generic
#define VECTOR_TARGET
#define VECTOR_MIN(a, b) VECTOR_SELECT((a) < (b), a, b)
#define VECTOR_MAX(a, b) VECTOR_SELECT((a) < (b), b, a)
#include VECTOR_BODY
#undef VECTOR_LEVEL
#undef VECTOR_TARGET

#ifdef __x86_64__
typedef int32_t vector_v2 __attribute__((vector_size(16)));
typedef int32_t vector_v3 __attribute__((vector_size(32)));
typedef int32_t vector_v4 __attribute__((vector_size(64)));

/* clang makes one instruction of the comparison and the choice; gcc must be told. */
#ifndef __clang__
#undef VECTOR_MIN
#undef VECTOR_MAX
#define VECTOR_MIN(a, b) LEVELLED(VECTOR_MIN)(a, b)
#define VECTOR_MAX(a, b) LEVELLED(VECTOR_MAX)(a, b)
#define VECTOR_MIN_v2(a, b) (vector_v2) __builtin_ia32_pminsd128(a, b)
#define VECTOR_MAX_v2(a, b) (vector_v2) __builtin_ia32_pmaxsd128(a, b)
#define VECTOR_MIN_v3(a, b) (vector_v3) __builtin_ia32_pminsd256(a, b)
#define VECTOR_MAX_v3(a, b) (vector_v3) __builtin_ia32_pmaxsd256(a, b)
#define VECTOR_MIN_v4(a, b) (vector_v4) __builtin_ia32_pminsd512_mask(a, b, (vector_v4){0}, 0xffff)
#define VECTOR_MAX_v4(a, b) (vector_v4) __builtin_ia32_pmaxsd512_mask(a, b, (vector_v4){0}, 0xffff)
#endif

#define VECTOR_LEVEL v2
#define VECTOR_TARGET __attribute__((target(CPU_TARGET_V2)))
#include VECTOR_BODY
#undef VECTOR_LEVEL
#undef VECTOR_TARGET

#define VECTOR_LEVEL v3
#define VECTOR_TARGET __attribute__((target(CPU_TARGET_V3)))
#include VECTOR_BODY
#undef VECTOR_LEVEL
#undef VECTOR_TARGET

#define VECTOR_LEVEL v4
#define VECTOR_TARGET __attribute__((target(CPU_TARGET_V4)))
#include VECTOR_BODY
#undef VECTOR_LEVEL
#undef VECTOR_TARGET
#endif
