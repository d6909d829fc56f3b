#include "common/math/expression.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/bits.h"
#include "common/math/elementary.h"

#define NESTING 64   /* of parentheses and signs */
#define WAITING 2048 /* samples on the stack, whatever the depth */
#define NOT_A_NUMBER 0x7fc00000u

/* ---- parsing -------------------------------------------------------------------------------- */

struct parser {
    struct expression *expression;
    const char *text, *next;
    size_t depth; /* values on the stack */
    size_t nesting;
    struct fail *fail;
};

static bool parse_choice(struct parser *parser);

static bool wrong(struct parser *parser, const char *at, const char *what)
{
    size_t character = 1;
    int bytes = 1;
    if (*at == '\0')
        return fail_set(parser->fail, "'%s' ends too early: %s", parser->text, what);
    while ((at[bytes] & 0xc0) == 0x80)
        bytes++;
    for (const char *c = parser->text; c < at; c++)
        character += (*c & 0xc0) != 0x80; /* UTF-8 */
    return fail_set(parser->fail, "'%s', character %zu ('%.*s'): %s", parser->text, character,
                    bytes, at, what);
}

static char peek(struct parser *parser)
{
    while (isspace((unsigned char)*parser->next))
        parser->next++;
    return *parser->next;
}

static bool take(struct parser *parser, const char *word)
{
    bool found = peek(parser) != '\0' && strncmp(parser->next, word, strlen(word)) == 0;
    parser->next += found ? strlen(word) : 0;
    return found;
}

/* `values` on the stack become one. */
static bool add_step(struct parser *parser, struct step step, size_t values)
{
    struct expression *expression = parser->expression;
    if (expression->length == EXPRESSION_LENGTH)
        return wrong(parser, parser->next, "the expression is too long");
    parser->depth += 1 - values;
    if (parser->depth > EXPRESSION_DEPTH)
        return wrong(parser, parser->next, "too many values wait for an operation");
    expression->depth = parser->depth > expression->depth ? parser->depth : expression->depth;
    expression->steps[expression->length++] = step;
    return true;
}

static size_t values_of(enum operation operation)
{
    return operation < ADD ? 1 : operation < CHOOSE ? 2 : 3;
}

static bool add_operation(struct parser *parser, enum operation operation)
{
    return add_step(parser, (struct step){.operation = operation}, values_of(operation));
}

static bool add_constant(struct parser *parser, float constant)
{
    return add_step(parser, (struct step){.operation = PUSH_CONSTANT, .constant = constant}, 0);
}

static bool parse_number(struct parser *parser)
{
    const char *start = parser->next;
    char *end;
    if (start[0] == '0' && (start[1] == 'x' || start[1] == 'X'))
        return wrong(parser, start, "numbers are decimal");
    float value = strtof(start, &end);
    if (end == start)
        return wrong(parser, start, "a value is missing here");
    if (isinf(value))
        return wrong(parser, start, "the number is too large");
    parser->next = end;
    return add_constant(parser, value);
}

struct function {
    const char *name;
    enum operation operation;
    bool takes_more; /* than two values */
};

static bool wrong_count(struct parser *parser, const char *at, const struct function *function)
{
    return wrong(parser, at,
                 function->takes_more                 ? "the function takes two values or more"
                 : values_of(function->operation) > 1 ? "the function takes two values"
                                                      : "the function takes one value");
}

/* The values in parentheses behind a function. */
static bool parse_arguments(struct parser *parser, const struct function *function)
{
    enum operation operation = function->operation;
    size_t count = 0, least = values_of(operation);
    const char *start = parser->next;
    if (!take(parser, "("))
        return wrong(parser, parser->next, "'(' is missing");
    do {
        if (!parse_choice(parser))
            return false;
        count++;
        if (count > least && !function->takes_more)
            return wrong_count(parser, start, function);
        if (count >= least && !add_operation(parser, operation))
            return false;
    } while (take(parser, ","));
    if (!take(parser, ")"))
        return wrong(parser, parser->next, "')' or ',' is missing");
    return count >= least || wrong_count(parser, start, function);
}

static bool parse_name(struct parser *parser)
{
    static const struct function functions[] = {
        {"min", MINIMUM, true},       {"max", MAXIMUM, true},      {"pow", POWER, false},
        {"abs", ABSOLUTE, false},     {"exp", EXPONENTIAL, false}, {"log", LOGARITHM, false},
        {"sqrt", SQUARE_ROOT, false}, {"ceil", CEILING, false},    {"floor", FLOOR, false},
        {"round", ROUND, false},      {"isnan", IS_NAN, false},    {"isfinite", IS_FINITE, false}};
    const char *start = parser->next;
    size_t n = 0;
    while (isalnum((unsigned char)start[n]) || start[n] == '_')
        n++;
    parser->next += n;
    if (n == 1 && *start >= 'a' && *start <= 'z') {
        size_t variable = (size_t)(*start - 'a');
        parser->expression->used |= UINT32_C(1) << variable;
        return add_step(parser, (struct step){.operation = PUSH_VARIABLE, .variable = variable}, 0);
    }
    if (n == 3 && memcmp(start, "nan", n) == 0)
        return add_constant(parser, NAN);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strlen(functions[i].name) == n && memcmp(functions[i].name, start, n) == 0)
            return parse_arguments(parser, &functions[i]);
    return wrong(parser, start,
                 "names are a to z and nan, functions min, max, pow, abs, exp, log, sqrt, ceil, "
                 "floor, round, isnan and isfinite");
}

static bool parse_value(struct parser *parser)
{
    if (take(parser, "("))
        return parse_choice(parser) &&
               (take(parser, ")") || wrong(parser, parser->next, "')' is missing"));
    return isalpha((unsigned char)peek(parser)) ? parse_name(parser) : parse_number(parser);
}

static bool parse_signed(struct parser *parser);

/* From the right: a ^ b ^ c is a ^ (b ^ c). */
static bool parse_power(struct parser *parser)
{
    if (!parse_value(parser))
        return false;
    return !take(parser, "^") || (parse_signed(parser) && add_operation(parser, POWER));
}

static bool parse_signed(struct parser *parser)
{
    if (parser->nesting == NESTING)
        return wrong(parser, parser->next, "too many parentheses or signs");
    parser->nesting++;
    bool minus = take(parser, "-"), not = !minus && take(parser, "!");
    bool ok = minus || not ? parse_signed(parser) && add_operation(parser, minus ? NEGATE : NOT)
              : take(parser, "+") ? parse_signed(parser)
                                  : parse_power(parser);
    parser->nesting--;
    return ok;
}

static bool parse_product(struct parser *parser)
{
    if (!parse_signed(parser))
        return false;
    for (;;) {
        bool times = take(parser, "*");
        if (!times && !take(parser, "/"))
            return true;
        if (!parse_signed(parser) || !add_operation(parser, times ? MULTIPLY : DIVIDE))
            return false;
    }
}

static bool parse_sum(struct parser *parser)
{
    if (!parse_product(parser))
        return false;
    for (;;) {
        bool plus = take(parser, "+");
        if (!plus && !take(parser, "-"))
            return true;
        if (!parse_product(parser) || !add_operation(parser, plus ? ADD : SUBTRACT))
            return false;
    }
}

/* *operation of the comparison that comes next. */
static bool take_comparison(struct parser *parser, enum operation *operation)
{
    static const struct {
        const char *word;
        enum operation operation;
    } comparisons[] = {{"<=", LESS_OR_EQUAL}, {">=", GREATER_OR_EQUAL},
                       {"==", EQUAL},         {"!=", NOT_EQUAL},
                       {"<", LESS},           {">", GREATER}};
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++)
        if (take(parser, comparisons[i].word)) {
            *operation = comparisons[i].operation;
            return true;
        }
    return false;
}

static bool parse_comparison(struct parser *parser)
{
    enum operation operation, second;
    if (!parse_sum(parser))
        return false;
    if (!take_comparison(parser, &operation))
        return true;
    if (!parse_sum(parser) || !add_operation(parser, operation))
        return false;
    const char *at = parser->next;
    return !take_comparison(parser, &second) ||
           wrong(parser, at, "comparisons can't follow one another: use parentheses");
}

static bool parse_and(struct parser *parser)
{
    bool ok = parse_comparison(parser);
    while (ok && take(parser, "&&"))
        ok = parse_comparison(parser) && add_operation(parser, AND);
    return ok;
}

static bool parse_or(struct parser *parser)
{
    bool ok = parse_and(parser);
    while (ok && take(parser, "||"))
        ok = parse_and(parser) && add_operation(parser, OR);
    return ok;
}

static bool parse_choice(struct parser *parser)
{
    if (!parse_or(parser))
        return false;
    if (!take(parser, "?"))
        return true;
    if (!parse_choice(parser))
        return false;
    if (!take(parser, ":"))
        return wrong(parser, parser->next, "':' is missing");
    return parse_choice(parser) && add_operation(parser, CHOOSE);
}

bool expression_parse(struct expression *expression, const char *text, struct fail *fail)
{
    struct parser parser = {.expression = expression, .text = text, .next = text, .fail = fail};
    *expression = (struct expression){.length = 0};
    if (!parse_choice(&parser))
        return false;
    return peek(&parser) == '\0' || wrong(&parser, parser.next, "an operator is missing here");
}

static const struct expression_range logical = {true, true, 1};

static struct expression_range range_of_two(enum operation operation, struct expression_range a,
                                            struct expression_range b)
{
    struct expression_range range = {a.whole && b.whole, a.logical && b.logical,
                                     fmax(a.most, b.most)};
    if (operation >= LESS)
        return logical;
    if (operation == ADD) {
        range.logical = false;
        range.most = a.most + b.most;
    } else if (operation == MULTIPLY)
        range.most = a.most * b.most;
    else if (operation == MINIMUM)
        range.most = fmin(a.most, b.most);
    else if (operation != MAXIMUM)
        range.whole = range.logical = false;
    return range;
}

static struct expression_range range_of_one(enum operation operation, struct expression_range a)
{
    if (operation >= NOT)
        return logical;
    bool keeps =
        operation == ABSOLUTE || operation == ROUND || operation == FLOOR || operation == CEILING;
    return keeps ? a : (struct expression_range){.whole = false};
}

struct expression_range
expression_result(const struct expression *expression,
                  const struct expression_range variables[EXPRESSION_VARIABLES])
{
    struct expression_range stack[EXPRESSION_DEPTH], *top = stack;
    for (size_t i = 0; i < expression->length; i++) {
        const struct step *step = &expression->steps[i];
        double c = (double)step->constant;
        if (step->operation == PUSH_VARIABLE)
            *top++ = variables[step->variable];
        else if (step->operation == PUSH_CONSTANT)
            *top++ = (struct expression_range){c >= 0 && c == floor(c), c == 0 || c == 1, c};
        else if (values_of(step->operation) == 1)
            top[-1] = range_of_one(step->operation, top[-1]);
        else if (values_of(step->operation) == 2) {
            top--;
            top[-1] = range_of_two(step->operation, top[-1], top[0]);
        } else { /* a choice */
            top -= 2;
            top[-1] = range_of_two(MAXIMUM, top[0], top[1]);
        }
    }
    return stack[0];
}

/* ---- running -------------------------------------------------------------------------------- */

#define EACH(result)                                                                               \
    for (size_t i = 0; i < n; i++)                                                                 \
        made[i] = result;                                                                          \
    break

/* made may be a, b or c. */
static inline CPU_INLINE void apply_body(enum operation operation, const float *a, const float *b,
                                         const float *c, float *made, size_t n)
{
    switch (operation) {
    case NEGATE:
        EACH(-a[i]);
    case ABSOLUTE:
        EACH(fabsf(a[i]));
    case SQUARE_ROOT:
        EACH(sqrtf(a[i]));
    case ROUND:
        EACH(rintf(a[i]));
    case FLOOR:
        EACH(floorf(a[i]));
    case CEILING:
        EACH(ceilf(a[i]));
    case NOT:
        EACH(a[i] == 0 ? 1 : 0);
    case IS_NAN:
        EACH(a[i] != a[i] ? 1 : 0);
    case IS_FINITE:
        EACH(bits_are_finite(bits_of(a[i])) ? 1 : 0);
    case ADD:
        EACH(a[i] + b[i]);
    case SUBTRACT:
        EACH(a[i] - b[i]);
    case MULTIPLY:
        EACH(a[i] * b[i]);
    case DIVIDE:
        EACH(a[i] / b[i]);
    case MINIMUM:
        EACH(a[i] < b[i] || a[i] != a[i] ? a[i] : b[i]);
    case MAXIMUM:
        EACH(a[i] > b[i] || a[i] != a[i] ? a[i] : b[i]);
    case LESS:
        EACH(a[i] < b[i] ? 1 : 0);
    case LESS_OR_EQUAL:
        EACH(a[i] <= b[i] ? 1 : 0);
    case GREATER:
        EACH(a[i] > b[i] ? 1 : 0);
    case GREATER_OR_EQUAL:
        EACH(a[i] >= b[i] ? 1 : 0);
    case EQUAL:
        EACH(a[i] == b[i] ? 1 : 0);
    case NOT_EQUAL:
        EACH(a[i] != b[i] ? 1 : 0);
    case AND:
        EACH(((a[i] != 0) & (b[i] != 0)) ? 1 : 0);
    case OR:
        EACH(((a[i] != 0) | (b[i] != 0)) ? 1 : 0);
    case CHOOSE:
        EACH(bits_to_float(bits_select(a[i] != 0, bits_of(b[i]), bits_of(c[i]))));
    default:
        break;
    }
}
CPU_VARIANTS(apply, apply_body,
             (enum operation operation, const float *a, const float *b, const float *c, float *made,
              size_t n),
             (operation, a, b, c, made, n))

/* There are as many values as the operation takes. */
static void operate(enum operation operation, const float *const *values, float *made, size_t n)
{
    size_t count = values_of(operation);
    if (operation == LOGARITHM)
        elementary_log(values[0], made, n);
    else if (operation == EXPONENTIAL)
        elementary_exp(values[0], made, n);
    else if (operation == POWER)
        elementary_power(values[0], values[1], made, n);
    else
        apply(operation, values[0], count > 1 ? values[1] : NULL, count > 2 ? values[2] : NULL,
              made, n);
}

static inline CPU_INLINE void finish_body(const float *v, float *made, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = bits_of(v[i]);
        made[i] = bits_to_float(bits_select(bits_are_nan(bits), NOT_A_NUMBER, bits));
    }
}
CPU_VARIANTS(finish, finish_body, (const float *v, float *made, size_t n), (v, made, n))

/* The values on the stack are pointers, to samples of a variable or to a row of `own`. */
static void run_chunk(const struct expression *expression, const float *const *variables, size_t at,
                      float *made, size_t n)
{
    float waiting[WAITING], *own[EXPRESSION_DEPTH];
    const float *stack[EXPRESSION_DEPTH];
    for (size_t i = 0; i < expression->depth; i++)
        own[i] = waiting + i * n;
    size_t depth = 0;
    for (size_t k = 0; k < expression->length; k++) {
        const struct step *step = &expression->steps[k];
        if (step->operation == PUSH_VARIABLE) {
            stack[depth++] = variables[step->variable] + at;
            continue;
        }
        if (step->operation == PUSH_CONSTANT) {
            for (size_t i = 0; i < n; i++)
                own[depth][i] = step->constant;
            stack[depth] = own[depth];
            depth++;
            continue;
        }
        depth -= values_of(step->operation) - 1;
        operate(step->operation, stack + depth - 1, own[depth - 1], n);
        stack[depth - 1] = own[depth - 1];
    }
    finish(stack[0], made + at, n);
}

void expression_run(const struct expression *expression, const float *const *variables, float *made,
                    size_t n)
{
    size_t chunk = WAITING / expression->depth / 16 * 16;
    for (size_t at = 0; at < n; at += chunk)
        run_chunk(expression, variables, at, made, n - at < chunk ? n - at : chunk);
}
