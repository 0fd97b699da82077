// Where statements and blocks of a plan begin and end, as `crates/remit-core/src/syntax/build.rs` tells it.
//
// A statement ends with its line, but for a list that goes on after a comma and a `{` that stands lower down. A statement at the
// left margin that opens a block closes every block left open above it, and a `}` at the margin closes those inside.

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <string.h>

enum Token { BEGIN, END, OWNS, WRAP, WRAPPED, OPEN, CLOSE, LEFT_OPEN, STRAY_CLOSE, RECOVERING };

// What is known of an open block.
enum {
  AT_MARGIN = 1, // the statement that opened it stands at the left margin
  SEEN = 2,      // it has a statement
  INDENTED = 4,  // the first of them is not at the margin
};

// Deeper than the compiler goes.
enum { DEEPEST = 32, MOST = 1000 };

// Whether all the braces of the file pair up, once that was asked: then it is the same from there on.
enum Pairing { NOT_ASKED, PAIRED, UNPAIRED };

typedef struct {
  uint32_t depth;
  bool margin;  // whether the statement that was begun last, and may own a block yet, stands at the margin
  bool line;    // whether the last token was found at the left margin and holds nothing, or there is none yet
  bool closing; // whether every block is being closed, before a statement at the margin
  uint8_t pairing;
  int32_t braces; // how many more `{` than `}` stand above, whatever was closed without
  uint8_t blocks[MOST];
} Scanner;

void *tree_sitter_remit_external_scanner_create(void) { return ts_calloc(1, sizeof(Scanner)); }

void tree_sitter_remit_external_scanner_destroy(void *payload) { ts_free(payload); }

// What goes before the blocks in the saved state.
enum { HEADER = sizeof(uint32_t) + sizeof(int32_t) + 4 };

unsigned tree_sitter_remit_external_scanner_serialize(void *payload, char *buffer) {
  Scanner *scanner = payload;
  uint32_t kept = scanner->depth < MOST ? scanner->depth : MOST;
  memcpy(buffer, &scanner->depth, sizeof scanner->depth);
  memcpy(buffer + sizeof scanner->depth, &scanner->braces, sizeof scanner->braces);
  buffer[HEADER - 4] = (char)scanner->line;
  buffer[HEADER - 3] = (char)scanner->pairing;
  buffer[HEADER - 2] = (char)scanner->margin;
  buffer[HEADER - 1] = (char)scanner->closing;
  memcpy(buffer + HEADER, scanner->blocks, kept);
  return HEADER + kept;
}

void tree_sitter_remit_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  memset(scanner, 0, sizeof *scanner);
  if (length < HEADER) {
    scanner->line = true;
    return;
  }
  memcpy(&scanner->depth, buffer, sizeof scanner->depth);
  memcpy(&scanner->braces, buffer + sizeof scanner->depth, sizeof scanner->braces);
  scanner->line = buffer[HEADER - 4] != 0;
  scanner->pairing = (uint8_t)buffer[HEADER - 3];
  scanner->margin = buffer[HEADER - 2] != 0;
  scanner->closing = buffer[HEADER - 1] != 0;
  memcpy(scanner->blocks, buffer + HEADER, length - HEADER);
}

static bool is_space(int32_t c) { return c == ' ' || c == '\t' || c == 0xA0 || c == 0xFEFF; }

static bool is_newline(int32_t c) { return c == '\n' || c == '\r'; }

static bool is_curl(int32_t c) { return c == 0x201C || c == 0x201D; }

static bool at_end(TSLexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }

static bool is_letter(TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  return !at_end(lexer) && !is_space(c) && !is_newline(c) && !is_curl(c) && c != '{' && c != '}' && c != '"' && c != ',' &&
         c != '~' && c != '#' && c != ';';
}

static bool begins_item(TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  return is_letter(lexer) || c == '~' || c == '"' || is_curl(c);
}

static void next(TSLexer *lexer) { lexer->advance(lexer, false); }

static void past_space(TSLexer *lexer) {
  while (is_space(lexer->lookahead)) {
    next(lexer);
  }
}

static void past_line(TSLexer *lexer) {
  while (!at_end(lexer) && !is_newline(lexer->lookahead)) {
    next(lexer);
  }
}

static void past_newline(TSLexer *lexer) {
  if (lexer->lookahead == '\r') {
    next(lexer);
    if (lexer->lookahead == '\n') {
      next(lexer);
    }
  } else {
    next(lexer);
  }
}

// Past everything that stands between statements. Whether the left margin is where that ends.
static bool past_blank(TSLexer *lexer) {
  bool at_margin = false;
  for (;;) {
    int32_t c = lexer->lookahead;
    if (c == '#') {
      past_line(lexer);
    } else if (is_space(c) || is_newline(c) || c == ';') {
      at_margin = is_newline(c) || c == 0xFEFF;
      next(lexer);
    } else {
      return at_margin;
    }
  }
}

// Past a word. Whether it is one that begins a clause.
static bool past_word(TSLexer *lexer) {
  static const char *const clauses[] = {"from", "until", "by", "of", "for", "in", "dated", "sheet"};
  char word[8] = {0};
  unsigned length = 0;
  for (; is_letter(lexer); next(lexer)) {
    if (length < sizeof word) {
      word[length] = lexer->lookahead < 0x80 ? (char)lexer->lookahead : '?';
    }
    length++;
  }
  for (unsigned at = 0; at < sizeof clauses / sizeof *clauses; at++) {
    if (length == strlen(clauses[at]) && memcmp(word, clauses[at], length) == 0) {
      return true;
    }
  }
  return false;
}

// What follows a text of three quotes that is never closed, which ends with its line.
enum Lost { NOT_LOST, LOST, LOST_BEFORE_BLOCK };

// Past a text in straight quotes. When one of three quotes turns out never to be closed there is no way back to where its line
// ended: then this says whether a `{` followed.
static enum Lost past_text(TSLexer *lexer) {
  next(lexer);
  if (lexer->lookahead == '"') {
    next(lexer);
    if (lexer->lookahead != '"') {
      return NOT_LOST;
    }
    next(lexer);
    enum { LINE, BLANK, COMMENT, BLOCK, OTHER } after = LINE;
    for (unsigned quotes = 0; quotes < 3; next(lexer)) {
      if (at_end(lexer)) {
        return after == BLOCK ? LOST_BEFORE_BLOCK : LOST;
      }
      int32_t c = lexer->lookahead;
      quotes = c == '"' ? quotes + 1 : 0;
      if (is_newline(c)) {
        after = after <= COMMENT ? BLANK : after;
      } else if (after == BLANK && !is_space(c) && c != ';') {
        after = c == '#' ? COMMENT : c == '{' ? BLOCK : OTHER;
      }
    }
    return NOT_LOST;
  }
  while (!at_end(lexer) && !is_newline(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    next(lexer);
    if (c == '"') {
      break;
    }
    if (c == '\\' && !at_end(lexer) && !is_newline(lexer->lookahead)) {
      next(lexer);
    }
  }
  return NOT_LOST;
}

static void past_curly(TSLexer *lexer) {
  next(lexer);
  while (!at_end(lexer) && !is_newline(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    next(lexer);
    if (is_curl(c) || c == '"') {
      return;
    }
  }
}

// Past one item. Whether it is a word that begins a clause.
static bool past_item(TSLexer *lexer, enum Lost *lost) {
  int32_t c = lexer->lookahead;
  if (c == '"') {
    *lost = past_text(lexer);
  } else if (is_curl(c)) {
    past_curly(lexer);
  } else if (c == '~') {
    next(lexer);
  } else {
    return past_word(lexer);
  }
  return false;
}

enum Wrap {
  GOES_ON,
  // It does not, and only white space and comments were passed.
  ENDS,
  // It does not: another statement begins, part of which was passed.
  ANOTHER,
};

// After a comma, at its line's end: whether the list goes on, when one more element of it is all that follows on the next line.
static enum Wrap past_wrap(TSLexer *lexer, enum Lost *lost) {
  bool indented;
  for (;;) {
    if (!is_newline(lexer->lookahead)) {
      return ENDS;
    }
    past_newline(lexer);
    indented = is_space(lexer->lookahead);
    past_space(lexer);
    if (lexer->lookahead != '#') {
      break;
    }
    past_line(lexer);
  }
  if (!begins_item(lexer)) {
    return ENDS;
  }
  if (past_item(lexer, lost)) {
    return ANOTHER;
  }
  past_space(lexer);
  int32_t c = lexer->lookahead;
  if (at_end(lexer) || is_newline(c) || c == ',' || c == '#' || c == '}' || c == ';') {
    return GOES_ON;
  }
  return (c == '{' ? indented : is_letter(lexer) && past_word(lexer)) ? GOES_ON : ANOTHER;
}

// At the beginning of a statement: whether a `{` of its own follows.
static bool opens_block(TSLexer *lexer) {
  enum Lost lost = NOT_LOST;
  for (;;) {
    if (lost) {
      return lost == LOST_BEFORE_BLOCK;
    }
    if (begins_item(lexer)) {
      past_item(lexer, &lost);
    } else if (lexer->lookahead == ',') {
      next(lexer);
      past_space(lexer);
      if (lexer->lookahead == '#') {
        past_line(lexer);
      }
      if (is_newline(lexer->lookahead)) {
        enum Wrap wrap = past_wrap(lexer, &lost);
        if (wrap == ANOTHER) {
          return false;
        }
        if (wrap == ENDS) {
          break;
        }
      }
    } else if (is_space(lexer->lookahead)) {
      next(lexer);
    } else {
      break;
    }
  }
  past_blank(lexer);
  return lexer->lookahead == '{';
}

// Whether the braces from here to the end of the file pair up with those above.
static bool pairs_up(Scanner *scanner, TSLexer *lexer) {
  int32_t braces = scanner->braces;
  while (scanner->pairing == NOT_ASKED && braces >= 0 && !at_end(lexer)) {
    enum Lost lost = NOT_LOST;
    int32_t c = lexer->lookahead;
    if (begins_item(lexer)) {
      past_item(lexer, &lost);
    } else if (c == '#') {
      past_line(lexer);
    } else {
      braces += c == '{' ? 1 : c == '}' ? -1 : 0;
      next(lexer);
    }
  }
  if (scanner->pairing == NOT_ASKED) {
    scanner->pairing = braces == 0 ? PAIRED : UNPAIRED;
  }
  return scanner->pairing == PAIRED;
}

static bool found(Scanner *scanner, TSLexer *lexer, enum Token token) {
  scanner->line = false;
  lexer->result_symbol = (TSSymbol)token;
  return true;
}

static uint8_t *top(Scanner *scanner) {
  return scanner->depth > 0 && scanner->depth <= MOST ? &scanner->blocks[scanner->depth - 1] : NULL;
}

static bool any(const Scanner *scanner, uint8_t flag) {
  for (uint32_t at = 0; at < scanner->depth && at < DEEPEST; at++) {
    if (scanner->blocks[at] & flag) {
      return true;
    }
  }
  return false;
}

// At a `}`: whether the next thing is one more, at the left margin.
static bool another_closes_at_margin(TSLexer *lexer) {
  next(lexer);
  return past_blank(lexer) && lexer->lookahead == '}';
}

static bool open(Scanner *scanner, TSLexer *lexer) {
  next(lexer);
  lexer->mark_end(lexer);
  scanner->depth++;
  scanner->braces++;
  uint8_t *block = top(scanner);
  if (block) {
    *block = scanner->margin ? AT_MARGIN : 0;
  }
  scanner->margin = false;
  return found(scanner, lexer, OPEN);
}

// Within a statement: where it ends, and where its block begins.
static bool scan_inside(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  // Where only the block can follow, its `{` may stand on another line.
  while (is_space(lexer->lookahead) || (!valid[END] && is_newline(lexer->lookahead))) {
    lexer->advance(lexer, true);
  }
  lexer->mark_end(lexer);
  int32_t c = lexer->lookahead;
  if (c == '{') {
    return valid[OPEN] && open(scanner, lexer);
  }
  bool blank = is_newline(c) || c == ';';
  if (!valid[END] || !(blank || c == '}' || at_end(lexer))) {
    return false;
  }
  if (is_newline(c) && valid[WRAPPED]) {
    return false;
  }
  enum Wrap wrap = ENDS;
  if (is_newline(c) && valid[WRAP]) {
    enum Lost lost = NOT_LOST;
    wrap = past_wrap(lexer, &lost);
    if (wrap == GOES_ON) {
      return found(scanner, lexer, WRAP);
    }
  }
  if (blank && wrap == ENDS) {
    past_blank(lexer);
    if (lexer->lookahead == '{') {
      return found(scanner, lexer, OWNS);
    }
  }
  scanner->margin = false;
  return found(scanner, lexer, END);
}

static bool left_open(Scanner *scanner, TSLexer *lexer, bool at_margin) {
  scanner->depth--;
  found(scanner, lexer, LEFT_OPEN);
  scanner->line = at_margin;
  return true;
}

// Between statements: where one begins, and where blocks close.
static bool scan_between(Scanner *scanner, TSLexer *lexer) {
  // A column is counted from the line's beginning: only the first token of a file asks for it.
  bool at_margin = scanner->line && lexer->get_column(lexer) == 0;
  while (is_space(lexer->lookahead) || is_newline(lexer->lookahead)) {
    at_margin = is_newline(lexer->lookahead) || lexer->lookahead == 0xFEFF;
    lexer->advance(lexer, true);
  }
  lexer->mark_end(lexer);
  int32_t c = lexer->lookahead;
  if (scanner->closing && scanner->depth > 0) {
    return left_open(scanner, lexer, at_margin);
  }
  scanner->closing = false;
  if (at_end(lexer)) {
    if (scanner->depth == 0) {
      return false;
    }
    return left_open(scanner, lexer, at_margin);
  }
  if (c == '{') {
    scanner->margin = false;
    return open(scanner, lexer);
  }
  if (c != '}' && !begins_item(lexer)) {
    return false;
  }
  uint8_t *block = top(scanner);
  if (c == '}') {
    bool inner = at_margin && scanner->depth <= DEEPEST && any(scanner, AT_MARGIN) && !(*block & AT_MARGIN);
    if (inner && !another_closes_at_margin(lexer)) {
      return left_open(scanner, lexer, at_margin);
    }
    scanner->braces--;
    if (scanner->braces < 0) {
      scanner->pairing = UNPAIRED;
    }
    if (scanner->depth == 0) {
      return found(scanner, lexer, STRAY_CLOSE);
    }
    scanner->depth--;
    return found(scanner, lexer, CLOSE);
  }
  // Where people write everything at the margin and the braces pair up, they are believed.
  if (at_margin && scanner->depth > 0 && opens_block(lexer) &&
      (scanner->depth > DEEPEST || any(scanner, INDENTED) || !pairs_up(scanner, lexer))) {
    scanner->closing = true;
    return left_open(scanner, lexer, at_margin);
  }
  if (block && scanner->depth <= DEEPEST && !(*block & SEEN)) {
    *block |= at_margin ? SEEN : SEEN | INDENTED;
  }
  scanner->margin = at_margin;
  return found(scanner, lexer, BEGIN);
}

bool tree_sitter_remit_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = payload;
  if (valid[RECOVERING]) {
    return false;
  }
  return valid[BEGIN] ? scan_between(scanner, lexer) : scan_inside(scanner, lexer, valid);
}
