/* Which vector instructions the kernels use: the one place that asks the CPU. A kernel is plain C,
 * compiled once for each level; every level gives the same bits. */
#ifndef COMMON_KERNEL_CPU_H
#define COMMON_KERNEL_CPU_H

#include <stdbool.h>

#include "common/base/fail.h"

/* The levels of x86-64, of which v2 stands for SSE4.2, v3 for AVX2 and v4 for AVX-512. Elsewhere
 * there is the generic one alone, with the vectors that every CPU of its kind has (NEON). */
enum cpu_level { CPU_GENERIC, CPU_V2, CPU_V3, CPU_V4, CPU_LEVELS };

/* Chooses the level, once, before any kernel runs: the best that this CPU has, or the one that is
 * named. False for a word that names none and for a level that this CPU lacks. NULL and "" name
 * nothing. */
bool cpu_choose(const char *name, struct fail *fail);

/* The level that was chosen; CPU_GENERIC before. */
enum cpu_level cpu_level(void);

/* Makes the function `name` of `body`, which must be static, inline and CPU_INLINE:
 *
 *     static inline CPU_INLINE void double_body(float *v, size_t n) { for ... }
 *     CPU_VARIANTS(double_span, double_body, (float *v, size_t n), (v, n))
 */
#define CPU_INLINE __attribute__((always_inline))

#ifdef __x86_64__
#define CPU_VARIANT(name, body, parameters, arguments, instructions)                               \
    static __attribute__((target(instructions))) void name parameters                              \
    {                                                                                              \
        body arguments;                                                                            \
    }
#define CPU_VARIANTS(name, body, parameters, arguments)                                            \
    CPU_VARIANT(name##_v2, body, parameters, arguments, "sse4.2")                                  \
    CPU_VARIANT(name##_v3, body, parameters, arguments, "avx2")                                    \
    CPU_VARIANT(name##_v4, body, parameters, arguments, "avx2,avx512f,avx512bw,avx512dq,avx512vl") \
    static void name parameters                                                                    \
    {                                                                                              \
        switch (cpu_level()) {                                                                     \
        case CPU_V4:                                                                               \
            name##_v4 arguments;                                                                   \
            break;                                                                                 \
        case CPU_V3:                                                                               \
            name##_v3 arguments;                                                                   \
            break;                                                                                 \
        case CPU_V2:                                                                               \
            name##_v2 arguments;                                                                   \
            break;                                                                                 \
        default:                                                                                   \
            body arguments;                                                                        \
        }                                                                                          \
    }
#else
#define CPU_VARIANTS(name, body, parameters, arguments)                                            \
    static void name parameters                                                                    \
    {                                                                                              \
        body arguments;                                                                            \
    }
#endif

#endif
