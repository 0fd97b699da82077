//! What formatting makes of texts, and what it promises of every text.

use crate::syntax::format::{BLANKS, Reading, format, lay_out, reads_the_same};

/// What holds of every text; also that the layout itself keeps it, not only the self-check. Returns the formatted text.
fn keeps_its_promises(text: &str) -> String {
    let laid_out = lay_out(&Reading::of(text));
    let formatted = promise(text);
    assert_eq!(formatted, laid_out, "the self-check had to refuse the layout of:\n{text}");
    formatted
}

fn promise(text: &str) -> String {
    let formatted = format(text);
    assert!(reads_the_same(&Reading::of(text), &Reading::of(&formatted)), "the meaning of\n{text}\nis lost in\n{formatted}");
    assert_eq!(format(&formatted), formatted, "formatted twice:\n{text}");
    formatted
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let formatted = keeps_its_promises(text);
    assert_eq!(formatted, expected, "\n--- was\n{text}\n--- became\n{formatted}");
}

#[test]
fn the_sample_of_the_design() {
    check(SAMPLE, SAMPLE);
    let squeezed: Vec<String> = SAMPLE.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    check(&squeezed.join("\r\n"), SAMPLE);
}

#[test]
fn blocks() {
    check("a {\nb 1\n    }\nc 1", "a {\n  b  1\n}\nc 1\n");
    check("a\n{\n\n\n  b 1\n\n\n\n  c 1\n\n}\n\n\n", "a {\n  b  1\n\n  c  1\n}\n");
    check("a {\n  b {c 1 ;; d 2;}; e {}\n}", "a {\n  b { c 1; d 2 }\n  e {}\n}\n");
    check("a \"b  \n{ }", "a \"b\n{}\n");
    check("a {  b { c 1 } d 2 } e 3", "a { b { c 1 }; d 2 }\ne 3\n");
    check("a {\n\n}\nb { # why\n}", "a {}\nb {  # why\n}\n");
    check("a # of a\n{ b 1 } \nc # of c\n# of d\n{\n d 1 }", "a { b 1 }  # of a\nc {        # of c\n  # of d\n  d  1\n}\n");
    let long = "x".repeat(80);
    check(&format!("a \"{long}\" {{ b 1; c 20 }}"), &format!("a \"{long}\" {{ b 1; c 20 }}\n"));
    check(&format!("a \"{long}\" {{ b 1; c 20000 }} # d"), &format!("a \"{long}\" {{\n  b  1\n  c  20000\n}}  # d\n"));
}

#[test]
fn blanks_and_marks() {
    check("", "");
    check("\u{FEFF}\n\n; \t\n", "");
    check("\u{FEFF}a\t1\u{A0}2  \r\nb\r# c \r\n", "a  1  2\nb\n# c\n");
    check("a 1; b 2;\n;\n", "a  1\nb  2\n");
    check("a { b “c – d” ; c – ; d −5; e ‘f }", "a { b \"c – d\"; c -; d -5; e ‘f }\n");
    check("a “b \\ c”\na “b\"", "a “b \\ c”\na \"b\"\n");
    check("a 2019–11–02, 180~200~240,b", "a 2019-11-02, 180 ~ 200 ~ 240, b\n");
    check("a \"b\\\"  c\"\t\"\"\"d  \r\n }\t\r\n\"\"\"  from 1", "a \"b\\\"  c\" \"\"\"d  \r\n }\t\r\n\"\"\" from 1\n");
}

#[test]
fn first_values() {
    check("system QHM in x", "system QHM in x\n");
    check("system QHM in x\nregion y\n\nz 1", "system  QHM in x\nregion  y\n\nz 1\n");
    check("board a \"b\"\nboard cd by e\nboard  f by g", "board a \"b\"\nboard cd by e\nboard f  by g\n");
    check("a {\nbcd 1\n# of e\ne 2\n\nf 3\ng\n}", "a {\n  bcd  1\n  # of e\n  e    2\n\n  f  3\n  g\n}\n");
    check("a {\na-head-that-is-just-too-long 1\nbc 2\nd 3\n}", "a {\n  a-head-that-is-just-too-long  1\n  bc  2\n  d   3\n}\n");
    check("a {\nb 1\ncd { e 1 }\nfgh 1\n}", "a {\n  b  1\n  cd { e 1 }\n  fgh  1\n}\n");
}

#[test]
fn clauses() {
    check(
        "a {\nb x until 2020-03-31\nb QHM from 2020-04-01 for y\nb z\nc z by y\n}",
        "a {\n  b  x   until 2020-03-31\n  b  QHM from  2020-04-01 for y\n  b  z\n  c  z by y\n}\n",
    );
    let long = "x".repeat(90);
    check(&format!("a {{\nb {long} by c\nb d by c, e\n}}"), &format!("a {{\n  b  {long} by c\n  b  d by c, e\n}}\n"));
}

#[test]
fn tables() {
    check(
        "a {\nb 1\nyear 2018/19 2019/20\nin-post - 20_139\nc 1 ~ 2 ~ 3 5% £2m\n}",
        "a {\n  b        1\n  year       2018/19  2019/20\n  in-post          -   20_139\n  c        1 ~ 2 ~ 3       5%  £2m\n}\n",
    );
    check("a {\nb \"x\" 1 2\nc \"long\" 100 3 wte\n}", "a {\n  b  \"x\"       1      2\n  c  \"long\"  100  3 wte\n}\n");
    check("a {\nb x y \"z\"\nc long y \"w\"\n}", "a {\n  b  x     y  \"z\"\n  c  long  y  \"w\"\n}\n");
    check("a {\nb x y z\nc 100 20 3\n}", "a {\n  b    x   y  z\n  c  100  20  3\n}\n");
    check("a {\nb 1 2\n}", "a {\n  b  1  2\n}\n");
    check("a {\nb 1 2 3\n c 20,139 2 3\n\td 10 20 30\n}", "a {\n  b   1   2   3\n  c 20,139 2 3\n  d  10  20  30\n}\n");
    let long = "x".repeat(33);
    check(&format!("a {{\nb \"{long}\" 1 2\nc d 10 20\n}}"), &format!("a {{\n  b  \"{long}\"   1   2\n  c  d  10  20\n}}\n"));
}

#[test]
fn actual_rows_and_quarters() {
    check(
        "w {\nquarter 2019/20 Q1 2019/20 Q2\nin-post 20_139 -\nactual in-post 20_139 20_400\n}",
        "w {\n  quarter         2019/20 Q1  2019/20 Q2\n  in-post             20_139           -\n  actual in-post      20_139      20_400\n}\n",
    );
    check("m {\nplanned 7.0 7.1\nactual - 7.2\n}", "m {\n  planned  7.0  7.1\n  actual     -  7.2\n}\n");
    check("actual in-post", "actual in-post\n");
    check(
        "f {\namount  about   £6.5m for 2020/21\nvalue up   to £24m\n}",
        "f {\n  amount  about £6.5m for 2020/21\n  value   up to £24m\n}\n",
    );
}

#[test]
fn lists() {
    check("a {\nb c,d ,\n  e,\n  f from 1\n}", "a {\n  b  c, d, e, f from 1\n}\n");
    check(
        "a {\nb c, # of c\n # of d\n d, e from x,y\nlong z # of z\n}",
        "a {\n  b     c,  # of c\n        # of d\n        d,\n        e from x,\n               y\n  long  z  # of z\n}\n",
    );
    let (one, two) = ("x".repeat(40), "y".repeat(56));
    check(&format!("a {one},{two}"), &format!("a {one}, {two}\n"));
    check(&format!("a {one}, {two}, 4 wte, z"), &format!("a {one},\n  {two}, 4 wte,\n  z\n"));
    check(&format!("a {one} {one} {two},\nb {{ }}"), &format!("a {one} {one} {two},;\nb {{}}\n"));
    check(&format!("a {one} {one} {two},\n b {{ }}"), &format!("a {one} {one} {two},\n    b {{}}\n"));
}

#[test]
fn comments() {
    check("# a\n\n\n# b\na 1 # c\nbc 23 #d\n# e\n", "# a\n\n# b\na   1   # c\nbc  23  #d\n# e\n");
    check("a { # x\n b 1 # y\n} # z", "a {  # x\n  b  1  # y\n}  # z\n");
    let long = "x".repeat(100);
    check(&format!("a 1 # y\nb {long} # z"), &format!("a  1  # y\nb  {long}  # z\n"));
}

#[test]
fn what_cannot_be_read_stays_as_it_is() {
    check("a {\n   b   =  c # d\n e 1\n}", "a {\n  b   =  c  # d\n  e  1\n}\n");
    check("a { b @@\t1; c  2 }", "a { b @@\t1; c 2 }\n");
    check("a {\nb @@ x, # y\n         # z\n    w   \n}", "a {\n  b @@ x, # y\n      # z\n      w\n}\n");
    check("a \"b  \n{ c “d \n}", "a \"b\n{\n  c “d\n}\n");
    check("a {\nb x,; c\n  d  e\n}", "a {\n  b x,;\n  c\n  d  e\n}\n");
    check("a {\nb  x\n, d  e  \n}", "a {\nb  x\n, d  e\n}\n");
    check("a b,\naccountable QHM  x", "a b,\naccountable QHM x\n");
}

#[test]
fn braces_that_do_not_pair_up_leave_the_layout_alone() {
    check("\u{FEFF}a   {  \r\n b\t1 # c \r\n\r\n\r\n", "a   {\n b\t1 # c\n\n\n");
    check("a }\nb   \"c  ", "a }\nb   \"c\n");
    check("a {\n  b 1\nc {\n}\n}", "a {\n  b 1\nc {\n}\n}\n");
    check("{ a   1 }", "{ a   1 }\n");
    let deep = "a   { ".repeat(33) + &"} ".repeat(33);
    check(&deep, &format!("{}\n", deep.trim_end()));
    let faults = "a   @\n".repeat(1_001);
    check(&faults, &faults);
}

#[test]
fn every_case_keeps_its_promises() {
    for case in CASES.split("=====\n") {
        let text = case.split_once('\n').map_or(case, |(_, text)| text);
        let marks = [("<CR>", "\r"), ("<TAB>", "\t"), ("<NBSP>", "\u{A0}"), ("<BOM>", "\u{FEFF}")];
        keeps_its_promises(&marks.iter().fold(text.to_owned(), |text, (mark, letter)| text.replace(mark, letter)));
    }
}

#[test]
fn whatever_the_edits() {
    const INSERTED: [&str; 40] = [
        "{", "}", "\"", ",", "~", "#", ";", "\u{A0}", "“", "”", "\u{FEFF}", "\n", "\r", "\t", " ", "a", "5", "–", "−5", "\"\"\"", "from ",
        " to ", "\\", ", ", ",\n", "# c\n", " x", "{ a 1 }", "{\n", "}\n", "=", "£", "wte", "\u{2003}", "\0", "é", "“x”", "\n\n\n", "\r\n",
        "; ",
    ];
    let mut state: u64 = SEED;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let parts: Vec<&str> = SAMPLE.split_inclusive("}\n").collect();
    let mut refused = 0;
    for _ in 0..2_000 {
        let more = if random(4) == 0 { parts[random(parts.len())] } else { "" };
        let mut letters: Vec<char> = parts[random(parts.len())].chars().chain(more.chars()).collect();
        for _ in 0..=random(8) {
            let at = random(letters.len() + 1);
            let upto = (at + random(3)).min(letters.len());
            letters.splice(at..upto, if random(2) == 0 { "" } else { INSERTED[random(INSERTED.len())] }.chars());
        }
        let text: String = letters.into_iter().collect();
        let formatted = promise(&text);
        if formatted == text {
            refused += usize::from(formatted != lay_out(&Reading::of(&text)));
        } else if !formatted.contains("\"\"\"") {
            assert!(!formatted.contains('\r'), "{formatted:?}");
            assert!(formatted.lines().all(|line| !line.ends_with(BLANKS)), "{formatted:?}");
        }
    }
    assert!(refused <= 1, "the self-check refused {refused} layouts of 2,000");
}

const SEED: u64 = 2019;

const SAMPLE: &str = r#"# People plan of one integrated care system. '#' starts a comment; order of statements never matters.

plan "Our people, our future" for QHM {
  framework  nhs-people-framework 2019
  horizon    2019/20 to 2023/24
  baseline   2018/19
  submitted  2019-09-27
}

system QHM in north-east-and-yorkshire  # name, region, dates: from the bodies register

organisation RTD {  # an ODS code: the register knows the name
  wellbeing-guardian  "Chair of the People Committee"
}
organisation U02739 {  # Whitley Bay, one of the primary care networks
  status  forming
}
partner newcastle-college "Newcastle College" { kind further-education }

responsibility workforce-planning {
  accountable  north-east-and-yorkshire until 2020-03-31
  accountable  QHM                      from  2020-04-01
  responsible  RTD, RTF
  consulted    newcastle-college
}
responsibility pay-policy {
  accountable  QHM  # refused: stays national
}

readiness workforce-planning {
  level     maturing
  assessed  2019-11-02 by north-east-and-yorkshire
  evidence  assurance-2019
}
evidence assurance-2019 "Regional assurance of the system workforce plan" {
  dated  2019-10-14
  file   "evidence/assurance-2019.pdf"
}

workforce registered-nursing {
  unit           wte
  year           2018/19  2019/20  2020/21  2021/22  2022/23  2023/24
  establishment   21_890   22_150   22_400   22_650   22_880   23_080
  in-post         20_139   20_559   21_019   21_439   21_739   21_989
  joiners              -    2_450    2_470    2_440    2_350    2_330
  leavers              -    2_030    2_010    2_020    2_050    2_080
  vacancy-rate      8.0%     7.2%     6.2%     5.3%     5.0%     4.7%
}

commitment overseas-recruitment "Recruit 200 nurses a year from overseas" {
  on        international-recruitment
  owner     QHM
  due       2021-03-31
  funding   spending-review-2019
  delivers  400 wte of registered-nursing by 2020/21
}
funding spending-review-2019 "Education and training settlement" {
  amount  £2.4m for 2020/21
  status  subject-to "Spending Review 2019"
}

waiver wellbeing-guardian for U02739 {
  until     2020-06-30
  because   "The network appoints its guardian when it is formed"
  approved  2020-01-10 by north-east-and-yorkshire
}
"#;

/// The cases of the prototype: a title, then the text.
const CASES: &str = r##"01 inline block
partner x "X" { kind further-education }
=====
02 inline block, two fields no separator
partner x "X" { kind a system QHM }
=====
03 inline block with ;
partner x "X" { kind a; system QHM; }
=====
04 list then clause
responsible RTD, RTF from 2020-04-01
=====
05 row
in-post 20_139 20_559
=====
06 dash
joiners - 2_450
transfers -10 - 10 -5% -£2m
=====
07 estimates
in-post 200 ~ 220 ~ 240
x 180~200~240 300 1 ~ 2 ~ 3 wte
=====
08 half estimate
in-post 200 ~ 220
=====
09 ranges and a body named to
horizon 2019/20 to 2023/24
accountable to
accountable "to"
accountable QHM to RTD
target t { to 5% by 2027/28; from 7% in 2018/19 }
=====
10 year v division
year 2028/29
x 10 / 2
x a/b
y 2028/30 2028/2029 28/29
=====
11 quoted names
organisation "5QC"
organisation 5QC
organisation "99X" "Ninety"
=====
12 pct v points
change 5%
change 2 points
change 5 %
=====
13 value unit clause
delivers 400 wte of registered-nursing by 2020/21
delivers 400 of registered-nursing by 2020/21
=====
14 value followed by text
status subject-to "Spending Review 2019"
=====
15 money
amount £2.4m for 2020/21, 2021/22
amount £ 2.4m
amount £2,400,000
amount 2.4m
=====
16 date by
assessed 2019-11-02 by north-east-and-yorkshire
assessed 02/11/2019
assessed 2 November 2019
=====
17 two values no comma
framework nhs-people-framework 2019
framework nhs-people-framework 2019 draft
=====
18 comment
level maturing # comment
x { a 1 # last
# lone
}
y { # opens
 a 1
} # closed
x { a # } not a brace
}
=====
19 long text
says """
  One "quoted" line # not a comment
  } {
"""
next 1
=====
20 crlf
plan "x" for QHM {<CR>
  kind a<CR>
}<CR>

=====
21 bom
<BOM>plan "x" for QHM { kind a }
=====
22 missing brace, indented body
organisation RTD {
  wellbeing-guardian "a"
system QHM in x
organisation RTF {
  wellbeing-guardian "b"
}
=====
23 missing brace, flush body
organisation RTD {
wellbeing-guardian "a"
organisation RTF {
wellbeing-guardian "b"
}
=====
24 broken line inside a block
organisation RTD {
  wellbeing-guardian @@ "a"
  status forming
  kind = acute
  system: QHM
}
x 1
=====
25 close on same line
a { b { c 1 } d 2 } e 3
f { g 1 }
h { i 1
  j 2 }
=====
26 clause words as fields
waiver r for n { until 2020-06-30; from 2019-04-01; by QHM; of x; for y; in z; dated 2019-01-01; sheet "s" }
from "file.xlsx" sheet "Tab 1"
valid from 2019-04-01 to 2020-03-31
=====
27 thousands comma
in-post 20,139 20,559
in-post 20, 139
=====
28 smart quotes, nbsp, en dash
wellbeing-guardian “Chair”
joiners – 2_450
joiners<NBSP>5
joiners −5
=====
29 unclosed text
organisation RTD {
  wellbeing-guardian "Chair of { the
  status forming
}
=====
30 unclosed long text
a {
 says """ text
 b 1
}
c 2
=====
31 list over lines
responsible RTD,
            RTF, # the second
            RX4
responsible RTD,
accountable QHM
responsible RTD,
until 2020-03-31
}
responsible RTD, }
=====
32 list w/o comma / clause order
responsible RTD RTF
accountable from 2020-04-01 QHM
accountable QHM from until 2020-01-01
=====
33 brace on next line
organisation RTD
{
  kind a
}
=====
34 escapes
file "evidence\assurance.pdf"
x "a \"b\" c" "d\\"
y "a" "b""c"
=====
35 head odd
5_000 wte
"text" x
QHM
yes no
-
=====
36 unit swallows
yields 30 registered-nursing
in-post 200 wte 210 wte
level 3 maturing
starts 40 in 2020/21
takes 36 months
every 3 months until 2021-01-01
=====
37 tabs, trailing spaces, no final newline
x<TAB>1<TAB>2   
y 3
=====
38 empty block, double block
x {}
y { } { }
=====
39 punctuation glued
responsible RTD,RTF
a:b
system QHM, in north-east
x 1;y 2
amount £1.5bn,£2bn
z 20_139,20_559
=====
40 stray close
}
a 1 }
b 2
=====
41 rule id with pack
waiver nhs-people-framework/wellbeing-guardian for U02739
=====
42 numbers
x 1__0 1_ .5 5. 1e5 +5 007 1.5.2
=====
43 row continuation after no comma
year 2018/19 2019/20
     2020/21
=====
44 inner brace missing
board b {
  chair "x" {
    a 1
  parent y
}
system QHM in z
=====
45 flush nested closed
board b {
chair "x" { a 1 }
inner y {
c 1
}
}
=====
46 estimate with units, range clause
delivers 180 ~ 200 ~ 240 wte of registered-nursing by 2020/21
horizon 2019-04-01 to 2024-03-31 # five
"##;
