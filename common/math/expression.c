#include "common/math/expression.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/kernel/bits.h"

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

static bool parse_comparison(struct parser *parser);

static bool wrong(struct parser *parser, const char *at, const char *what)
{
    size_t character = 1;
    int bytes = 1;
    while ((at[bytes] & 0xc0) == 0x80)
        bytes++;
    for (const char *c = parser->text; c < at; c++)
        character += (*c & 0xc0) != 0x80; /* UTF-8 */
    if (*at == '\0')
        return fail_set(parser->fail, "'%s' ends too early: %s", parser->text, what);
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

static bool add_operation(struct parser *parser, enum operation operation)
{
    return add_step(parser, (struct step){.operation = operation}, operation < ADD ? 1 : 2);
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
    return add_step(parser, (struct step){.operation = PUSH_CONSTANT, .constant = value}, 0);
}

/* The values in parentheses behind a function, of which there must be one, or two and more. */
static bool parse_arguments(struct parser *parser, enum operation operation)
{
    size_t count = 0;
    const char *start = parser->next;
    if (!take(parser, "("))
        return wrong(parser, parser->next, "'(' is missing");
    do {
        if (!parse_comparison(parser))
            return false;
        count++;
        if (operation >= ADD && count > 1 && !add_operation(parser, operation))
            return false;
        if (operation < ADD && count > 1)
            return wrong(parser, start, "the function takes one value");
    } while (take(parser, ","));
    if (!take(parser, ")"))
        return wrong(parser, parser->next, "')' or ',' is missing");
    if (operation >= ADD && count < 2)
        return wrong(parser, start, "the function takes two values or more");
    return operation >= ADD || add_operation(parser, operation);
}

static bool parse_name(struct parser *parser)
{
    static const struct {
        const char *name;
        enum operation operation;
    } functions[] = {{"min", MINIMUM}, {"max", MAXIMUM}, {"abs", ABSOLUTE}, {"sqrt", SQUARE_ROOT}};
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
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strlen(functions[i].name) == n && memcmp(functions[i].name, start, n) == 0)
            return parse_arguments(parser, functions[i].operation);
    return wrong(parser, start, "names are a to z, functions min, max, abs and sqrt");
}

static bool parse_value(struct parser *parser)
{
    if (take(parser, "("))
        return parse_comparison(parser) &&
               (take(parser, ")") || wrong(parser, parser->next, "')' is missing"));
    return isalpha((unsigned char)peek(parser)) ? parse_name(parser) : parse_number(parser);
}

static bool parse_signed(struct parser *parser)
{
    if (parser->nesting == NESTING)
        return wrong(parser, parser->next, "too many parentheses or signs");
    parser->nesting++;
    bool minus = take(parser, "-");
    bool ok = minus               ? parse_signed(parser) && add_operation(parser, NEGATE)
              : take(parser, "+") ? parse_signed(parser)
                                  : parse_value(parser);
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

bool expression_parse(struct expression *expression, const char *text, struct fail *fail)
{
    struct parser parser = {.expression = expression, .text = text, .next = text, .fail = fail};
    *expression = (struct expression){.length = 0};
    if (!parse_comparison(&parser))
        return false;
    return peek(&parser) == '\0' || wrong(&parser, parser.next, "an operator is missing here");
}

bool expression_is_comparison(const struct expression *expression)
{
    return expression->steps[expression->length - 1].operation >= LESS;
}

/* ---- running -------------------------------------------------------------------------------- */

#define EACH(result)                                                                               \
    for (size_t i = 0; i < n; i++)                                                                 \
        made[i] = result;                                                                          \
    break

/* made may be a or b. */
static inline CPU_INLINE void apply_body(enum operation operation, const float *a, const float *b,
                                         float *made, size_t n)
{
    switch (operation) {
    case NEGATE:
        EACH(-a[i]);
    case ABSOLUTE:
        EACH(fabsf(a[i]));
    case SQUARE_ROOT:
        EACH(sqrtf(a[i]));
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
    default:
        break;
    }
}
CPU_VARIANTS(apply, apply_body,
             (enum operation operation, const float *a, const float *b, float *made, size_t n),
             (operation, a, b, made, n))

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
        depth -= step->operation >= ADD;
        apply(step->operation, stack[depth - 1], depth < EXPRESSION_DEPTH ? stack[depth] : NULL,
              own[depth - 1], n);
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
