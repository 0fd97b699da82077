/**
 * Plans in the Remit language, for editors that colour and fold with tree-sitter.
 *
 * `grammar/remit.pest` is the definition of the form; this grammar is held equal to it by `tests/tree_sitter.rs`. Like that one it
 * accepts every text: what cannot be read becomes a `malformed`, `unclosed_text` or `stray` node, and never an error that
 * unsettles what stands around it. Where blocks begin and end is in `src/scanner.c`, which mends a missing `}` as the compiler does.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const SIGN = /[-–—−]/;
const FIGURE = /\d+(_\d+)*(\.\d+)?/;
/** Everything but white space, and the marks that end a word. */
const LETTER = /[^ \t\r\n{}",~#;\u00A0\uFEFF“”]/;
const DIGITS_AFTER_COMMA = /[-£]?\d[^ \t\r\n{}",~#;\u00A0\uFEFF“”]*(,\d[^ \t\r\n{}",~#;\u00A0\uFEFF“”]*)+/;

module.exports = grammar({
  name: "remit",

  externals: ($) => [
    // All but `_open` hold no characters: they stand before a statement, where it ends, where its block follows on another line,
    // after a comma with which a list goes on in the next line (`_wrapped` is never found: it tells the scanner where it is), …
    $._begin,
    $._end,
    $._owns,
    $._wrap,
    $._wrapped,
    // … before a `}`, where the compiler reads a block as closed that is not, and before a `}` that closes nothing.
    $._open,
    $._close,
    $._left_open,
    $._stray_close,
    // In no rule: the parser allows it only while it recovers.
    $._recovering,
  ],

  extras: ($) => [/[ \t\r\n\u00A0\uFEFF]/, $.comment],

  word: ($) => $.name,

  inline: ($) => [$._item],

  rules: {
    plan: ($) => repeat($._item),

    _item: ($) =>
      choice(
        $.statement,
        alias($._ownerless_block, $.stray_block),
        seq($._stray_close, alias("}", $.stray)),
        alias(",", $.stray),
        ";",
      ),

    statement: ($) =>
      seq(
        $._begin,
        field("head", choice(alias($.name, $.head), alias($._no_head, $.malformed))),
        repeat($._cell),
        repeat($.clause),
        choice($._end, seq(optional($._owns), repeat(";"), field("block", $.block))),
      ),

    // Whatever else a line may begin with.
    _no_head: ($) =>
      choice(
        $.rule_name,
        $.number,
        $.percent,
        $.money,
        $.date,
        $.month,
        $.year,
        $.absent,
        $.text,
        $.unclosed_text,
        $.malformed,
        "~",
      ),

    block: ($) => $._block,
    _ownerless_block: ($) => $._block,
    _block: ($) => seq(alias($._open, "{"), repeat($._item), choice(seq($._close, "}"), $._left_open)),

    // A clause ends where the next begins.
    clause: ($) =>
      prec.right(
        seq(
          field("word", choice("from", "until", "by", "of", "for", "in", "dated", "sheet")),
          repeat($._cell),
        ),
      ),

    // A space parts cells; commas join values into one.
    _cell: ($) =>
      choice(
        prec(-2, $._element),
        $.list,
        $._half_range,
        alias($._stray_estimate, $.stray),
        alias("to", $.stray),
        prec(-3, alias($._up_to, $.stray)),
        alias($._comma, $.stray),
      ),
    _comma: ($) => prec.right(seq(",", optional(seq($._wrap, optional($._wrapped))))),
    // Below 0 is what is taken only where nothing else fits: a comma, `to` or `~` with nothing after it.
    list: ($) => prec.right(seq($._element, repeat1($._further))),
    _further: ($) => choice(seq($._comma, choice($._element, $._half_range)), prec(-1, $._comma)),

    _element: ($) => choice(prec(-2, $._value), $.range, $.estimate, $.approximate),
    // `about 6_500` and `up to £24m`.
    approximate: ($) => seq(choice("about", alias($._up_to, "up to")), choice($.quantity, $.number, $.percent, $.money)),
    _up_to: (_) => token(prec(1, /up[ \t\u00A0\uFEFF]+to/)),
    range: ($) => seq(field("from", $._value), "to", field("to", $._value)),
    _half_range: ($) => prec(-1, seq($._value, alias("to", $.stray))),
    estimate: ($) => prec.right(seq($._value, repeat1($._higher))),
    _higher: ($) => choice(seq("~", $._value), prec(-1, "~")),
    _stray_estimate: ($) => prec.right(seq("~", repeat(choice("~", "to", $._value)))),

    _value: ($) =>
      choice(
        $.name,
        prec(-3, alias("about", $.name)),
        $.rule_name,
        $.text,
        $.quantity,
        $.number,
        $.percent,
        $.money,
        $.date,
        $.month,
        $.quarter,
        $.year,
        $.absent,
        $.malformed,
        $.unclosed_text,
      ),

    // A bare word straight after a number is its unit.
    quantity: ($) => prec.right(1, seq($.number, alias($.name, $.unit))),

    quarter: ($) => prec.right(1, seq($.year, choice("Q1", "Q2", "Q3", "Q4"))),

    name: (_) => /\p{Alphabetic}([\p{Alphabetic}\p{N}-]*[\p{Alphabetic}\p{N}])?/u,
    rule_name: (_) =>
      /\p{Alphabetic}([\p{Alphabetic}\p{N}-]*[\p{Alphabetic}\p{N}])?\/\p{Alphabetic}([\p{Alphabetic}\p{N}-]*[\p{Alphabetic}\p{N}])?/u,
    number: (_) => token(seq(optional(SIGN), FIGURE)),
    percent: (_) => token(seq(optional(SIGN), FIGURE, "%")),
    money: (_) => token(seq(optional(SIGN), "£", FIGURE, optional(choice("bn", "m", "k")))),
    date: (_) => /\d{4}[-–—−]\d{2}[-–—−]\d{2}/,
    month: (_) => /\d{4}[-–—−](0[1-9]|1[0-2])/,
    year: (_) => /\d{4}\/\d{2}/,
    absent: (_) => SIGN,
    text: ($) => choice($._long_text, $._short_text, $._curly_text),
    _long_text: (_) => token(prec(4, /"""([^"]|"[^"]|""[^"])*"""/)),
    _short_text: (_) => token(prec(2, /"([^"\\\r\n]|\\[^\r\n])*"/)),
    _curly_text: (_) => token(prec(2, /[“”][^“”"\r\n]*[“”"]/)),
    unclosed_text: ($) => choice($._unclosed_long_text, $._unclosed_short_text),
    _unclosed_long_text: (_) => token(prec(3, /"""[^\r\n]*/)),
    _unclosed_short_text: (_) => token(choice(/"[^\r\n]*/, /[“”][^“”"\r\n]*/)),

    malformed: (_) => token(choice(repeat1(LETTER), DIGITS_AFTER_COMMA)),

    comment: (_) => token(prec(-1, /#[^\r\n]*/)),
  },
});
