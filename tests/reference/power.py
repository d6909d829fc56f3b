"""The power kernel against high precision: where its coefficients come from, and how far it is off.

    power.py coefficients [SOURCE]      print them, or see that SOURCE has exactly these
    power.py table                      rows for check_power.c
    power.py special PROGRAM            `PROGRAM raise` against scikit-image's adjust_gamma
    power.py error PROGRAM [POINTS [all]]
        largest error of `PROGRAM raise` in units in the last place, over POINTS samples (default
        2000000) of many gammas; and that numpy's float32 power is at most one such unit away

The reference of `error` is numpy's double power, itself held against mpmath on every tenth sample
of a subset and wherever the kernel's error is large; `all` uses mpmath for every sample.
"""
import subprocess
import sys

import mpmath
import numpy as np

mpmath.mp.prec = 120

LIMIT = 0.51
GAMMAS = [0.1, 0.45, 1 / 2.2, 0.5, 0.75, 1, 1.5, 2, 2.2, 3, 7.3, 100, 1e-3, 1e6]


# ---- coefficients ----

def atanh_series(u):
    """log2((1+s)/(1-s)) / s as a function of u = s*s."""
    s = mpmath.sqrt(abs(u))
    if s < mpmath.mpf(10) ** -15:
        return 2 / mpmath.log(2)
    return mpmath.log((1 + s) / (1 - s), 2) / s


def exp2_rest(f):
    """(2^f - 1) / f."""
    if abs(f) < mpmath.mpf(10) ** -15:
        return mpmath.log(2)
    return mpmath.expm1(f * mpmath.log(2)) / f


def coefficients():
    """{name: ([lowest power first], log2 of the relative error)} by Chebyshev interpolation."""
    largest = ((mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1)) ** 2
    log_terms, log_error = mpmath.chebyfit(atanh_series, [0, largest], 6, error=True)
    exp_terms, exp_error = mpmath.chebyfit(exp2_rest, [-0.5, 0.5], 8, error=True)
    return {
        'log2': ([float(c) for c in reversed(log_terms)],
                 mpmath.log(log_error * mpmath.log(2) / 2, 2)),
        # 1 + f Q(f): |f| <= 1/2, and 2^f is 0.7 or more
        'exp2': ([float(c) for c in reversed(exp_terms)],
                 mpmath.log(exp_error / 2 * mpmath.sqrt(2), 2)),
    }


def c_hex(value):
    """A double as clang-format leaves it: 0x1.8p+1."""
    head, exponent = value.hex().split('p')
    return head.rstrip('0').rstrip('.') + 'p' + exponent


def show_coefficients(source):
    text = open(source).read() if source else None
    missing = []
    for name, (terms, error) in coefficients().items():
        print('%s: relative error 2^%.1f' % (name, error))
        for term in terms:
            print('    ' + c_hex(term))
            if text is not None and c_hex(term) not in text:
                missing.append(c_hex(term))
    if missing:
        sys.exit('%s does not have %s' % (source, ' '.join(missing)))


# ---- the true power ----

def true_power(x, gamma):
    """x^gamma for a positive finite float x, as mpf. gamma is a float32's value."""
    return mpmath.power(mpmath.mpf(float(x)), mpmath.mpf(gamma))


def last_place(value):
    """Unit in the last place of float32 at value > 0."""
    exponent = max(int(mpmath.floor(mpmath.log(value, 2))), -126)
    return mpmath.mpf(2) ** (min(exponent, 127) - 23)


def round_to_float(value):
    """The float32 nearest to value > 0, ties to even, as bits."""
    if value > mpmath.mpf(2) ** 128:
        return 0x7f800000
    unit = last_place(value)
    steps = int(mpmath.nint(value / unit))
    rounded = mpmath.mpf(steps) * unit
    if rounded >= mpmath.mpf(2) ** 128:
        return 0x7f800000
    return int(np.float32(float(rounded)).view(np.uint32))


def error_mpmath(result, x, gamma):
    """Error of one float result in units in the last place."""
    power = true_power(x, gamma)
    if np.isinf(result):
        return max(0.0, float((mpmath.mpf(2) ** 128 - power) / mpmath.mpf(2) ** 104))
    return float(abs(mpmath.mpf(float(result)) - power) / last_place(power))


def error_double(result, x, gamma):
    """The same for arrays, from numpy's double power, which is within 2^-51 of the true one."""
    with np.errstate(over='ignore', under='ignore'):
        power = np.power(x.astype(np.float64), gamma)
    exponent = np.frexp(np.clip(power, 2.0 ** -126, 2.0 ** 127))[1] - 1
    unit = np.ldexp(1.0, exponent - 23)
    distance = np.abs(np.where(np.isinf(result), 2.0 ** 128, result.astype(np.float64))
                      - np.minimum(power, 2.0 ** 200)) / unit
    overflow = np.isinf(result) & (power >= 2.0 ** 128)
    return np.where(overflow, 0.0, distance)


# ---- samples ----

def samples(rng, gamma, count):
    """Positive finite floats that matter for gamma: all magnitudes, images, around 1, subnormal,
    and those whose power is about to leave float's range on either side."""
    part = count // 8
    bits = np.concatenate([
        rng.integers(1, 0x7f800000, part, dtype=np.uint32),
        rng.integers(1, 0x00800000, part, dtype=np.uint32),
        0x3f800000 + rng.integers(-50000, 50000, part).astype(np.int64),
        np.array([1, 2, 0x007fffff, 0x00800000, 0x3f7fffff, 0x3f800000, 0x3f800001, 0x7f7fffff]),
    ]).astype(np.uint32)
    levels = rng.integers(1, 65536, part).astype(np.float64) / 65535
    few_bits = rng.integers(1, 4096, part) / 1024.0     # powers that are exact or exactly halfway
    with np.errstate(over='ignore', under='ignore'):
        edges = np.exp2(np.concatenate([rng.uniform(-151, -125, part),
                                        rng.uniform(126, 129, part)]) / gamma)
        rest = np.concatenate([rng.uniform(0, 1, part), levels, few_bits, edges])
        x = np.concatenate([bits.view(np.float32), rest.astype(np.float32)])
    return x[np.isfinite(x) & (x > 0)]


def raised(program, gamma, x, gain=1):
    out = subprocess.run([program, 'raise', repr(gamma), repr(gain)], input=x.tobytes(),
                         stdout=subprocess.PIPE, check=True).stdout
    return np.frombuffer(out, np.float32)


def check_gamma(program, rng, gamma, count, everything):
    """Returns (samples, largest error, largest distance from numpy in ulp, samples by mpmath)."""
    x = samples(rng, gamma, count)
    result = raised(program, gamma, x)
    rounded = float(np.float32(gamma))
    error = error_double(result, x, rounded)
    by_mpmath = (np.arange(x.size) if everything else
                 np.union1d(np.flatnonzero(~(error < 0.4999)),
                            rng.integers(0, x.size, 300)))
    for i in by_mpmath[:None if everything else 3000]:
        exact = error_mpmath(result[i], x[i], rounded)
        if not abs(exact - error[i]) < 1e-6 * max(1, exact):
            sys.exit('gamma %r, sample %r: mpmath finds %r, double %r' %
                     (gamma, float(x[i]), exact, error[i]))
        error[i] = exact
    with np.errstate(all='ignore'):
        theirs = x ** gamma
    steps = np.abs(result.view(np.int32).astype(np.int64) - theirs.view(np.int32)).max()
    return x.size, error.max(), steps, len(by_mpmath)


def check_error(program, points, everything):
    seed = np.random.SeedSequence().entropy % 2 ** 32
    print('seed %d' % seed)
    rng = np.random.default_rng(seed)
    total, worst = 0, 0
    for gamma in GAMMAS:
        count, error, steps, exact = check_gamma(program, rng, gamma, points // len(GAMMAS),
                                                 everything)
        print('gamma %-8.6g %8d samples: error %.6f ulp, numpy %d ulp away (%d by mpmath)' %
              (gamma, count, error, steps, exact))
        total, worst = total + count, max(worst, error)
        if not error <= LIMIT or steps > 1:
            sys.exit('gamma %r is off by %r ulp, %d from numpy' % (gamma, error, steps))
    print('%d samples: largest error %.6f ulp' % (total, worst))


# ---- scikit-image ----

def check_special(program):
    """To the bit where numpy takes a short cut or nothing is rounded by its power; NaN for NaN."""
    from skimage import exposure
    x = np.array([np.nan, -0.0, 0, np.inf, 1, 2, 4, 0.5, 1e-45, 1e-38, 3e38, 0.1, 0.7], np.float32)
    few = x[:5]
    cases = [(gamma, gain, x) for gamma in (0, 0.5, 1, 2, 1e-50)
             for gain in (1, 0, 0.1, -3, 1e30, 3.4e38, 1e300)]
    cases += [(gamma, gain, few) for gamma in (1e-40, 0.001, 0.45, 3, 2.2, 4, 1e30, 1e300)
              for gain in (1, 0, 0.1, -3, 1e300)]
    for gamma, gain, v in cases:
        ours = raised(program, gamma, v, gain)
        with np.errstate(all='ignore'):
            theirs = exposure.adjust_gamma(v, gamma, gain)
        same = (ours.view(np.uint32) == theirs.view(np.uint32)) | (np.isnan(ours) & np.isnan(theirs))
        if not same.all():
            sys.exit('gamma %r, gain %r: %s gives %s, scikit-image %s' %
                     (gamma, gain, v[~same], ours[~same], theirs[~same]))
    print('%d cases' % len(cases))


# ---- fixed table ----

def show_table():
    values = np.array([1e-45, 1.1754944e-38, 1 / 65535, 0.1, 0.99999994, 1.0000001, 9, 1e20],
                      np.float32)
    print('x: ' + ', '.join('0x%08x' % bits for bits in values.view(np.uint32)))
    for gamma in GAMMAS:
        powers = [round_to_float(true_power(x, float(np.float32(gamma)))) for x in values]
        print('    {%r, {%s}},' % (gamma, ', '.join('0x%08x' % bits for bits in powers)))


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ['coefficients']:
        show_coefficients(arguments[1] if len(arguments) > 1 else None)
    elif arguments == ['table']:
        show_table()
    elif arguments[:1] == ['special']:
        check_special(arguments[1])
    elif arguments[:1] == ['error']:
        check_error(arguments[1], int((arguments + ['2000000'])[2]), 'all' in arguments)
    else:
        sys.exit(__doc__)


main()
