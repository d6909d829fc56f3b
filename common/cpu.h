/* Which vector instructions the kernels use: the one place that asks the CPU. A kernel is plain C,
 * compiled once for each level; every level gives the same bits. */
#ifndef COMMON_CPU_H
#define COMMON_CPU_H

enum cpu_level { CPU_GENERIC, CPU_V3, CPU_V4, CPU_LEVELS };
extern const char *const cpu_level_names[]; /* "generic", "v3", "v4", NULL */

/* The best level that this CPU has; or the one that the environment's VOL_CPU names, when the CPU
 * has it. Found once. */
enum cpu_level cpu_level(void);

/* Makes the function `name` of `body`, which must be static, inline and CPU_INLINE:
 *
 *     static inline CPU_INLINE void double_body(float *v, size_t n) { for ... }
 *     CPU_VARIANTS(double_span, double_body, (float *v, size_t n), (v, n))
 */
#define CPU_INLINE __attribute__((always_inline))

#ifdef __x86_64__
#define CPU_VARIANTS(name, body, parameters, arguments)                                            \
    static __attribute__((target("avx2"))) void name##_v3 parameters                               \
    {                                                                                              \
        body arguments;                                                                            \
    }                                                                                              \
    static __attribute__((                                                                         \
        target("avx2,avx512f,avx512bw,avx512dq,avx512vl"))) void name##_v4 parameters              \
    {                                                                                              \
        body arguments;                                                                            \
    }                                                                                              \
    static void name parameters                                                                    \
    {                                                                                              \
        switch (cpu_level()) {                                                                     \
        case CPU_V4:                                                                               \
            name##_v4 arguments;                                                                   \
            break;                                                                                 \
        case CPU_V3:                                                                               \
            name##_v3 arguments;                                                                   \
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
