//! What one word is: a number, money, a date, a year, a name, or a fault that says what was meant.

use std::borrow::Cow;

use crate::source::Span;
use crate::time::{Date, FinancialYear};

/// What a value is, by its form. Words are looked up again through the value's span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Literal {
    /// A bare name: kebab-case, an ODS code, `yes`, a rule as `pack/rule`.
    Name,
    /// Text in quotes of any kind: [`text`] gives what it says.
    Text,
    /// A number without a unit.
    Number(Decimal),
    /// A number and the bare word after it.
    Quantity(Decimal, Span),
    /// `5%`.
    Percent(Decimal),
    /// `£2.4m`, in pounds.
    Money(Decimal),
    /// `2026-03-31`.
    Date(Date),
    /// `2028/29`.
    Year(FinancialYear),
    /// `2024-04`: the year and the month.
    Month(i16, i8),
    /// `2024/25 Q1`: the financial year and the quarter.
    Quarter(FinancialYear, u8),
    /// `-`: not given.
    Absent,
    /// Something was written that could not be read; it has been reported.
    Bad,
}

/// A number exactly as written: `digits` × 10^-`places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The digits, with the sign.
    pub digits: i64,
    /// How many of them stand after the point; negative for `£2.4m`, whose last written place is a hundred thousand.
    pub places: i8,
}

/// How many digits a number may have.
pub const MOST_DIGITS: usize = 15;

/// Why a word could not be read, and what it most likely should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// What to write instead, when that is certain.
    pub(crate) instead: Option<String>,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, instead: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn instead(mut self, text: impl Into<String>) -> Self {
        self.instead = Some(text.into());
        self
    }
}

/// Reads one word that is not a clause word.
pub(crate) fn classify(word: &str) -> Result<Literal, Fault> {
    let first = word.chars().next().unwrap_or(' ');
    match first {
        'a'..='z' | 'A'..='Z' if is_name(word) => Ok(Literal::Name),
        '0'..='9' => numeric(word),
        '-' | '–' | '—' | '−' => {
            let rest = word.get(first.len_utf8()..).unwrap_or("");
            match rest.chars().next() {
                None => Ok(Literal::Absent),
                Some('0'..='9' | '£') => match classify(rest)? {
                    Literal::Number(number) => Ok(Literal::Number(number.negative())),
                    Literal::Percent(number) => Ok(Literal::Percent(number.negative())),
                    Literal::Money(number) => Ok(Literal::Money(number.negative())),
                    _ => Err(Fault::new(format!("`{word}` is not a value"))
                        .help("`-` alone means not given; before a number it makes it negative")),
                },
                Some(_) => Err(Fault::new(format!("`{word}` is not a value")).help("`-` alone means not given; put a space after it")),
            }
        }
        '£' => money(word),
        '+' if word.len() > 1 && matches!(numeric(word.get(1..).unwrap_or("")), Ok(Literal::Number(_) | Literal::Percent(_))) => {
            Err(Fault::new("a number is written without `+`").instead(word.get(1..).unwrap_or("")))
        }
        '.' if matches!(numeric(&format!("0{word}")), Ok(Literal::Number(_) | Literal::Percent(_))) => {
            Err(Fault::new(format!("`{word}` begins with its point")).instead(format!("0{word}")))
        }
        '=' if word == "=" => {
            Err(Fault::new("`=` is not used in a plan").help("write the field's name, a space and its value").instead(""))
        }
        ':' if word == ":" => {
            Err(Fault::new("`:` is not used in a plan").help("write the field's name, a space and its value").instead(""))
        }
        first if first.is_alphabetic() && is_name(word) => Ok(Literal::Name),
        '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}' => {
            let visible: String =
                word.chars().filter(|letter| !matches!(letter, '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}')).collect();
            Err(Fault::new("there is an invisible character here").help("delete it; copied text often brings one").instead(visible))
        }
        '\0' => {
            Err(Fault::new("there is a NUL character here").help("the file may be damaged or not be text: save it as plain text in UTF-8"))
        }
        first if first.is_control() => {
            Err(Fault::new(format!("there is a control character (U+{:04X}) here", first as u32)).help("delete it; it shows nothing"))
        }
        first if first.is_alphabetic() => Err(strange_name(word)),
        _ => Err(Fault::new(format!("`{}` is not a value", shown(word)))
            .help("text is written in quotes, as in \"Chair of the People Committee\"")),
    }
}

/// Whether a word has the form of a name: letters, digits and hyphens after a letter, with at most one `/` between two of them.
pub fn is_name(word: &str) -> bool {
    let part = |part: &str| {
        let bytes = part.as_bytes();
        match bytes.first() {
            Some(first) if first.is_ascii_alphabetic() => {
                bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') || letters(part)
            }
            Some(first) if !first.is_ascii() => letters(part),
            _ => false,
        }
    };
    fn letters(part: &str) -> bool {
        part.starts_with(char::is_alphabetic) && part.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
    }
    if word.ends_with('-') {
        return false;
    }
    match word.split_once('/') {
        None => part(word),
        Some((pack, rule)) => part(pack) && part(rule),
    }
}

fn strange_name(word: &str) -> Fault {
    let strange = word.chars().find(|letter| !letter.is_alphanumeric() && !matches!(letter, '-' | '/')).unwrap_or('/');
    if word.contains('\0') {
        return Fault::new("there is a NUL character here").help("the file may be damaged or not be text: save it as plain text in UTF-8");
    }
    if let Some(name) = word.strip_suffix(':').filter(|name| is_name(name)) {
        return Fault::new("`:` is not used after a field").help("write the field's name, a space and its value").instead(name);
    }
    let fault = Fault::new(format!("`{}` is not a name: `{}` cannot be part of one", shown(word), shown(&strange.to_string())));
    let kebab = word.replace(['_', '.'], "-");
    if is_name(&kebab) {
        return fault.help("a name is written with letters, digits and hyphens").instead(kebab);
    }
    fault.help("a name is written with letters, digits and hyphens; text is written in quotes")
}

fn shown(word: &str) -> String {
    const MOST: usize = 40;
    let mut shown: String = word.chars().take(MOST).map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter }).collect();
    if word.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

fn numeric(word: &str) -> Result<Literal, Fault> {
    if let Some(literal) = plain_number(word) {
        return literal.map(Literal::Number);
    }
    if let Some(number) = word.strip_suffix('%')
        && let Some(number) = plain_number(number)
    {
        return number.map(Literal::Percent);
    }
    if word.contains('\0') {
        return Err(
            Fault::new("there is a NUL character here").help("the file may be damaged or not be text: save it as plain text in UTF-8")
        );
    }
    if word.contains('/') {
        return year_or_slashed_date(word);
    }
    if let Some(month) = year_and_month(word) {
        return Ok(month);
    }
    if let Some(fault) = dotted_date_or_dashed_year(word) {
        return Err(fault);
    }
    if word.contains(['-', '–', '—', '−'])
        && word.starts_with(|first: char| first.is_ascii_digit())
        && let Some(result) = date(word)
    {
        return result;
    }
    if let Some(whole) = word.strip_suffix('.')
        && plain_number(whole).is_some()
    {
        return Err(Fault::new(format!("`{word}` ends with its point")).instead(whole));
    }
    if word.contains('_') && word.chars().all(|letter| letter.is_ascii_digit() || letter == '_') {
        let digits = word.replace('_', "");
        return Err(Fault::new(format!("`{}` is not a number: `_` stands once between two digits", shown(word))).instead(grouped(&digits)));
    }
    if let Some(amount) = word.strip_suffix(['m', 'k']).or_else(|| word.strip_suffix("bn"))
        && plain_number(amount).is_some()
    {
        return Err(
            Fault::new(format!("`{word}` is not a number")).help("money begins with `£`; other numbers are written out, as in `2_400_000`")
        );
    }
    if word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') && word.chars().any(|letter| letter.is_ascii_alphabetic())
    {
        if let Some((number, unit)) = word.find(|letter: char| letter.is_ascii_alphabetic()).map(|at| word.split_at(at))
            && matches!(unit, "wte" | "fte" | "headcount" | "months" | "month" | "years" | "year" | "days" | "points" | "weeks")
            && plain_number(number).is_some()
        {
            return Err(Fault::new(format!("`{word}` has no space before its unit")).instead(format!("{number} {unit}")));
        }
        return Err(Fault::new(format!("`{}` begins with a digit", shown(word)))
            .help("a name that begins with a digit is put in quotes")
            .instead(format!("\"{word}\"")));
    }
    Err(Fault::new(format!("`{}` is not a number", shown(word))).help("a number has digits, `_` between them, and perhaps a point"))
}

/// Digits grouped by threes with `_`.
pub(super) fn grouped(digits: &str) -> String {
    if digits.len() <= 4 {
        return digits.to_owned();
    }
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

fn plain_number(word: &str) -> Option<Result<Decimal, Fault>> {
    let mut digits: i64 = 0;
    let mut count = 0_usize;
    let mut places: Option<i8> = None;
    let mut previous = b' ';
    for byte in word.bytes() {
        match byte {
            b'0'..=b'9' => {
                count += usize::from(count > 0 || byte != b'0');
                if count <= MOST_DIGITS {
                    digits = digits * 10 + i64::from(byte - b'0');
                    places = places.map(|places| places.saturating_add(1));
                }
            }
            b'_' if previous.is_ascii_digit() && places.is_none() => {}
            b'.' if previous.is_ascii_digit() && places.is_none() => places = Some(0),
            _ => return None,
        }
        previous = byte;
    }
    if !previous.is_ascii_digit() {
        return None;
    }
    let places = places.unwrap_or(0);
    if count > MOST_DIGITS || places as usize > MOST_DIGITS {
        return Some(Err(Fault::new(format!("this number has more than {MOST_DIGITS} digits"))));
    }
    if word.contains("__") {
        return None;
    }
    Some(Ok(Decimal { digits, places }))
}

fn money(word: &str) -> Result<Literal, Fault> {
    let amount = word.strip_prefix('£').unwrap_or(word);
    let (number, zeros) = match amount {
        amount if amount.ends_with("bn") => (amount.strip_suffix("bn"), 9),
        amount if amount.ends_with('m') => (amount.strip_suffix('m'), 6),
        amount if amount.ends_with('k') => (amount.strip_suffix('k'), 3),
        amount => (Some(amount), 0),
    };
    if let Some(number) = number.and_then(plain_number) {
        let number = number?;
        return Ok(Literal::Money(Decimal { digits: number.digits, places: number.places.saturating_sub(zeros) }));
    }
    let lower = word.to_lowercase();
    if lower != word && money(&lower).is_ok() {
        return Err(Fault::new(format!("`{word}` is not an amount of money"))
            .help("millions are `m`, thousands `k`, billions `bn`")
            .instead(lower));
    }
    Err(Fault::new(format!("`{}` is not an amount of money", shown(word))).help("write it as `£2.4m`, `£850k` or `£1_200`"))
}

fn year_or_slashed_date(word: &str) -> Result<Literal, Fault> {
    let parts: Vec<&str> = word.split('/').collect();
    let all_digits = parts.iter().all(|part| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()));
    let number = |part: &str| part.parse::<i16>().unwrap_or(0);
    if !all_digits {
        let fault = Fault::new(format!("`{}` is not a financial year", shown(word)));
        // `2024/25Q1`, `2024/25-Q1`
        let is_year = |year: &str| year.bytes().enumerate().all(|(at, byte)| if at == 4 { byte == b'/' } else { byte.is_ascii_digit() });
        let quarter = word.split_at_checked(7).filter(|(year, rest)| is_year(year) && !rest.is_empty());
        let quarter = quarter.map(|(year, rest)| (year, rest.trim_start_matches(['-', '_'])));
        if let Some((year, [b'Q' | b'q', number @ b'1'..=b'4'])) = quarter.map(|(year, rest)| (year, rest.as_bytes())) {
            return Err(Fault::new("a quarter is parted from its year by a space").instead(format!("{year} Q{}", char::from(*number))));
        }
        return Err(fault.help("write it as `2028/29`"));
    }
    match parts.as_slice() {
        [first, second] if first.len() == 4 => {
            let year = FinancialYear(number(first));
            if year.0 < 1900 || year.0 > 2200 {
                return Err(Fault::new(format!("`{word}` is not a financial year between 1900/01 and 2200/01")));
            }
            let written = year.to_string();
            if written == word {
                return Ok(Literal::Year(year));
            }
            if second.len() == 4 && number(second) == year.0 + 1 {
                return Err(Fault::new(format!("a financial year is written `{written}`")).instead(written));
            }
            Err(Fault::new(format!("`{word}` is not one financial year"))
                .help(format!("the year that begins in April {first} is `{written}`; several years are written `A to B`"))
                .instead(written))
        }
        [first, second] if first.len() == 2 && second.len() == 2 && number(second) == (number(first) + 1) % 100 => {
            Err(Fault::new(format!("`{word}` has no century")).instead(format!("20{word}")))
        }
        [year, month, day] if year.len() == 4 => match Date::new(number(year), number(month) as i8, number(day) as i8) {
            Ok(date) => Err(Fault::new(format!("a date is written with hyphens: `{date}`")).instead(date.to_string())),
            Err(_) => {
                Err(Fault::new(format!("`{word}` is not a day of the calendar")).help("a date is written year first, as in `2019-11-02`"))
            }
        },
        [month, year] if year.len() == 4 && (1..=12).contains(&number(month)) => {
            let written = format!("{year}-{:02}", number(month));
            Err(Fault::new(format!("a month is written year first: `{written}`")).instead(written))
        }
        [day, month, year] if year.len() == 4 && day.len() <= 2 && month.len() <= 2 => {
            match Date::new(number(year), number(month) as i8, number(day) as i8) {
                Ok(date) => Err(Fault::new(format!("a date is written year first: `{date}`")).instead(date.to_string())),
                Err(_) => {
                    Err(Fault::new(format!("`{word}` is not a day of the calendar"))
                        .help("a date is written year first, as in `2019-11-02`"))
                }
            }
        }
        _ => Err(Fault::new(format!("`{}` is not a date or a financial year", shown(word)))
            .help("write a date as `2019-11-02` and a financial year as `2019/20`")),
    }
}

/// `2024-04`.
fn year_and_month(word: &str) -> Option<Literal> {
    let plain = word.replace(['–', '—', '−'], "-");
    let (year, month) = plain.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2)?;
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i16>().ok()).flatten();
    let (year, month) = (number(year)?, number(month)?);
    ((1900..=2200).contains(&year) && (1..=12).contains(&month)).then_some(Literal::Month(year, month as i8))
}

/// `2.11.2019`, and `2028-29` for a financial year.
fn dotted_date_or_dashed_year(word: &str) -> Option<Fault> {
    let digits = |part: &&str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let dotted: Vec<&str> = word.split('.').collect();
    if let ([day, month, year], true) = (dotted.as_slice(), dotted.iter().all(digits))
        && year.len() == 4
    {
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        return Some(Fault::new(format!("a date is written year first: `{date}`")).instead(date.to_string()));
    }
    let plain = word.replace(['–', '—', '−'], "-");
    let dashed: Vec<&str> = plain.split('-').collect();
    if let ([first, second], true) = (dashed.as_slice(), dashed.iter().all(digits))
        && first.len() == 4
    {
        let year = FinancialYear(first.parse().ok()?).to_string();
        let follows = year.ends_with(&format!("/{second}")) || second.parse::<i16>().ok()? == first.parse::<i16>().ok()? + 1;
        return follows.then(|| Fault::new(format!("a financial year is written `{year}`")).instead(year));
    }
    None
}

fn date(word: &str) -> Option<Result<Literal, Fault>> {
    let plain = word.replace(['–', '—', '−'], "-");
    let mut parts = plain.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || ![year, month, day].into_iter().all(digits) {
        return None;
    }
    let number = |part: &str| part.parse::<i16>().unwrap_or(i16::MAX);
    let small = |part: &str| i8::try_from(number(part)).unwrap_or(i8::MAX);
    if year.len() <= 2 && day.len() == 4 {
        return Some(Err(match Date::new(number(day), small(month), small(year)) {
            Ok(date) => Fault::new(format!("a date is written year first: `{date}`")).instead(date.to_string()),
            Err(_) => Fault::new(format!("`{word}` is not a day of the calendar")).help("a date is written year first, as in `2019-11-02`"),
        }));
    }
    Some(match Date::new(number(year), small(month), small(day)) {
        Ok(date) if plain == date.to_string() => Ok(Literal::Date(date)),
        Ok(date) if year.len() == 4 => {
            Err(Fault::new(format!("a date is written with two digits for the month and the day: `{date}`")).instead(date.to_string()))
        }
        Ok(_) => Err(Fault::new(format!("`{}` is not a date", shown(word))).help("write the year with four digits, as in `2019-11-02`")),
        Err(_) => {
            let fault = Fault::new(format!("`{}` is not a day of the calendar", shown(word)));
            Err(match Date::new(number(year), small(month), 1).map(Date::last_of_month) {
                Ok(last) if year.len() == 4 => fault.help(format!("that month ended on `{last}`")),
                _ => fault.help("a date is written year first, as in `2019-11-02`"),
            })
        }
    })
}

/// The month that a word names, in English, whole or by three letters.
pub(crate) fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let word = word.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| *month == word || (word.len() >= 3 && word.len() <= 4 && month.starts_with(&word)))?;
    i8::try_from(at + 1).ok()
}

/// What a quoted text says: without its quotes, escapes resolved.
pub fn text(words: &str) -> Cow<'_, str> {
    if let Some(long) = words.strip_prefix("\"\"\"") {
        let long = long.strip_suffix("\"\"\"").unwrap_or(long).trim_matches(['\n', '\r']);
        // How a checkout ends its lines is not part of what a plan says.
        return if long.contains('\r') { Cow::Owned(long.replace("\r\n", "\n")) } else { Cow::Borrowed(long) };
    }
    let inner = words.get(inside(words)).unwrap_or("");
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut said = String::with_capacity(inner.len());
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some(&escaped @ ('"' | '\\'))) => {
                said.push(escaped);
                letters.next();
            }
            _ => said.push(letter),
        }
    }
    Cow::Owned(said)
}

/// The bytes between the quotes of a text of one line, however many of them are there.
pub(crate) fn inside(words: &str) -> std::ops::Range<usize> {
    let quote = |letter: char| matches!(letter, '"' | '“' | '”');
    let inner = words.strip_prefix(quote).unwrap_or(words);
    let start = words.len() - inner.len();
    start..start + inner.strip_suffix(quote).unwrap_or(inner).len()
}

impl Decimal {
    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self { digits: number, places: 0 }
    }

    fn negative(self) -> Self {
        Self { digits: -self.digits, ..self }
    }
}

/// An exact number: a fraction of two 128-bit integers in lowest terms.
pub type Rational = num_rational::Ratio<i128>;

impl Decimal {
    /// The number, exactly.
    pub fn rational(self) -> Rational {
        let digits = Rational::from_integer(i128::from(self.digits));
        let power = Rational::from_integer(10_i128.pow(u32::from(self.places.unsigned_abs())));
        if self.places >= 0 { digits / power } else { digits * power }
    }
}
