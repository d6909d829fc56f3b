/* Which vector instructions the kernels use. No other module asks the CPU. A kernel is plain C that
 * is compiled once for each level; every level gives the same bits. */
#ifndef COMMON_KERNEL_CPU_H
#define COMMON_KERNEL_CPU_H

#include <stdbool.h>

#include "common/base/fail.h"

/* The levels of x86-64: v2 is SSE4.2, v3 AVX2, v4 AVX-512. Other architectures have only the
 * generic level, with the vectors that all their CPUs have (NEON). */
enum cpu_level { CPU_GENERIC, CPU_V2, CPU_V3, CPU_V4, CPU_LEVELS };

/* Chooses the level; call it before any kernel runs. NULL or "": the best level of this CPU. False
 * if there is no such level or this CPU lacks it. */
MUST_CHECK bool cpu_choose(const char *name, struct fail *fail);

/* The chosen level, CPU_GENERIC before one is chosen. */
enum cpu_level cpu_level(void);

/* Defines the static function `name`, which runs `body` compiled for the chosen level. `body` must
 * be static, inline and CPU_INLINE:
 *
 *     static inline CPU_INLINE void double_body(float *v, size_t n) { for ... }
 *     CPU_VARIANTS(double_span, double_body, (float *v, size_t n), (v, n))
 */
#define CPU_INLINE __attribute__((always_inline))

#ifdef __x86_64__
#define CPU_TARGET_V2 "sse4.2"
#define CPU_TARGET_V3 "avx2"
#define CPU_TARGET_V4 "avx2,avx512f,avx512bw,avx512dq,avx512vl"
#define CPU_VARIANT(name, body, parameters, arguments, instructions)                               \
    static __attribute__((target(instructions))) void name parameters                              \
    {                                                                                              \
        body arguments;                                                                            \
    }
#define CPU_VARIANTS(name, body, parameters, arguments)                                            \
    CPU_VARIANT(name##_v2, body, parameters, arguments, CPU_TARGET_V2)                             \
    CPU_VARIANT(name##_v3, body, parameters, arguments, CPU_TARGET_V3)                             \
    CPU_VARIANT(name##_v4, body, parameters, arguments, CPU_TARGET_V4)                             \
    CPU_CHOICE(name, body, parameters, arguments)

/* Defines the function `name`, which runs `generic`, or name_v2, ... where the CPU has that. */
#define CPU_CHOICE(name, generic, parameters, arguments)                                           \
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
            generic arguments;                                                                     \
        }                                                                                          \
    }
#else
#define CPU_VARIANTS(name, body, parameters, arguments)                                            \
    CPU_CHOICE(name, body, parameters, arguments)
#define CPU_CHOICE(name, generic, parameters, arguments)                                           \
    static void name parameters                                                                    \
    {                                                                                              \
        generic arguments;                                                                         \
    }
#endif

#endif
