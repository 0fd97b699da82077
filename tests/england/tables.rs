//! Workforce tables whose figures agree: bridges close, contract types add up, and vacancy rates follow from the posts.

use remit_core::time::FinancialYear;

use crate::england::draft::Statement;
use crate::england::random::Random;

/// The year in which every table begins: what is published of June 2018 stands for it.
pub const BASELINE: FinancialYear = FinancialYear(2018);

/// The figures of one staff group, in tenths, one for each year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Funded posts.
    pub establishment: Vec<i64>,
    /// Staff on contracts.
    pub substantive: Vec<i64>,
    /// Staff of the employer's own bank.
    pub bank: Vec<i64>,
    /// Staff from agencies.
    pub agency: Vec<i64>,
    /// Those who leave, from the second year on.
    pub leavers: Vec<i64>,
    /// Those who come from other groups; empty where nobody does.
    pub transfers: Vec<i64>,
}

/// How a staff group begins and where it goes.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// Staff in post in the first year, in tenths.
    pub base: i64,
    /// Growth a year to 2023/24, in thousandths.
    pub early: i64,
    /// Growth a year after that, in thousandths.
    pub late: i64,
    /// The vacancy rate of the first year and that of 2023/24 and after, in thousandths.
    pub vacancies: (i64, i64),
    /// Who comes from other groups in the first year in which anybody does, in tenths: more each year.
    pub transfers: i64,
    /// The steps in which posts and staff are counted, in tenths.
    pub step: i64,
}

fn rounded(amount: i64, step: i64) -> i64 {
    (amount + step / 2).div_euclid(step) * step
}

impl Figures {
    /// What becomes of a staff group from 2018/19 to a year.
    pub fn of(course: Course, last: FinancialYear, random: &mut Random) -> Self {
        let step = course.step;
        let years = usize::try_from(last.0 - BASELINE.0 + 1).unwrap_or(1);
        let mut figures = Self::default();
        let mut in_post = course.base;
        let mut bank = rounded(course.base * random.between(20, 35) / 1_000, step);
        let mut agency = rounded(course.base * random.between(12, 28) / 1_000, step);
        for year in 0..years {
            if year > 0 {
                let growth = if year <= 5 { course.early } else { course.late };
                in_post += rounded(in_post * growth / 1_000, step);
                bank += step * random.between(1, 3);
                agency = rounded(agency * random.between(86, 94) / 100, step);
                figures.leavers.push(rounded(in_post * random.between(92, 104) / 1_000, step));
                if course.transfers != 0 {
                    figures.transfers.push(course.transfers * i64::try_from(year).unwrap_or(1));
                }
            }
            let (from, to) = course.vacancies;
            let vacancies = from + (to - from) * i64::try_from(year.min(5)).unwrap_or(5) / 5;
            let posts = rounded(in_post * 1_000 / (1_000 - vacancies), step).max(in_post.div_euclid(10) * 10 + 10);
            figures.establishment.push(posts.max(figures.establishment.last().copied().unwrap_or(0)));
            figures.substantive.push(in_post - bank - agency);
            figures.bank.push(bank);
            figures.agency.push(agency);
        }
        figures
    }

    /// The whole of several groups.
    pub fn sum(parts: &[Self]) -> Self {
        let mut whole = parts.first().cloned().unwrap_or_default();
        for part in parts.iter().skip(1) {
            let rows = [
                (&mut whole.establishment, &part.establishment),
                (&mut whole.substantive, &part.substantive),
                (&mut whole.bank, &part.bank),
                (&mut whole.agency, &part.agency),
                (&mut whole.leavers, &part.leavers),
            ];
            for (row, other) in rows {
                row.iter_mut().zip(other).for_each(|(figure, other)| *figure += other);
            }
            if whole.transfers.is_empty() {
                whole.transfers.clone_from(&part.transfers);
            } else {
                whole.transfers.iter_mut().zip(&part.transfers).for_each(|(figure, other)| *figure += other);
            }
        }
        whole
    }

    /// Staff in post at a year's end.
    pub fn in_post(&self) -> Vec<i64> {
        self.substantive.iter().zip(&self.bank).zip(&self.agency).map(|((one, other), third)| one + other + third).collect()
    }

    fn joiners(&self) -> Vec<i64> {
        let in_post = self.in_post();
        let of_year = |(at, leavers): (usize, &i64)| in_post[at + 1] - in_post[at] + leavers - self.transfers.get(at).unwrap_or(&0);
        self.leavers.iter().enumerate().map(of_year).collect()
    }

    /// Posts not filled as a share of those funded, in thousandths, rounded as people round.
    fn vacancies(&self) -> Vec<i64> {
        let share = |(posts, filled): (&i64, i64)| ((posts - filled) * 2_000 + posts).div_euclid(posts * 2);
        self.establishment.iter().zip(self.in_post()).map(share).collect()
    }

    /// The table, as a plan writes it.
    pub fn statement(&self, head: &str, unit: &str, source: Option<&str>) -> Statement {
        let mut table = Statement { file: "workforce", above: None, head: head.to_owned(), comment: None, fields: Vec::new() };
        table.set("unit", unit);
        if let Some(source) = source {
            table.set("source", source);
        }
        let years: Vec<String> = (0..self.establishment.len()).map(|year| FinancialYear(BASELINE.0 + year as i16).to_string()).collect();
        table.set("year", years.join(" "));
        let later = |row: Vec<i64>| [vec![None], row.into_iter().map(Some).collect()].concat();
        let all = |row: Vec<i64>| row.into_iter().map(Some).collect::<Vec<_>>();
        let rows = [
            ("establishment", all(self.establishment.clone())),
            ("in-post", all(self.in_post())),
            ("substantive", all(self.substantive.clone())),
            ("bank", all(self.bank.clone())),
            ("agency", all(self.agency.clone())),
            ("joiners", later(self.joiners())),
            ("leavers", later(self.leavers.clone())),
            ("transfers", later(self.transfers.clone())),
        ];
        for (row, figures) in rows.into_iter().filter(|(_, figures)| figures.len() == years.len()) {
            table.set(row, figures.into_iter().map(|figure| figure.map_or("-".to_owned(), shown)).collect::<Vec<_>>().join(" "));
        }
        let rates: Vec<String> = self.vacancies().into_iter().map(|rate| format!("{}.{}%", rate / 10, rate % 10)).collect();
        table.set("vacancy-rate", rates.join(" "));
        table
    }
}

/// A figure in tenths, as plans write it.
pub fn shown(tenths: i64) -> String {
    let whole = (tenths.abs() / 10).to_string();
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    let sign = if tenths < 0 { "-" } else { "" };
    if tenths % 10 == 0 { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{}", tenths.abs() % 10) }
}

impl Statement {
    /// Changes one figure of a table, given and returned in tenths; of a rate, in tenths of a per cent.
    pub fn change(&mut self, row: &str, year: FinancialYear, to: impl Fn(i64) -> i64) -> &mut Self {
        let years = self.get("year").unwrap_or_default().to_owned();
        let at = years.split_whitespace().position(|known| *known == year.to_string());
        let cells = self.get(row).unwrap_or_default().to_owned();
        let mut cells: Vec<String> = cells.split_whitespace().map(str::to_owned).collect();
        let at = at.filter(|at| *at < cells.len()).unwrap_or_else(|| panic!("`{}` has no `{row}` in {year}", self.head));
        let written = cells[at].trim_end_matches('%').replace('_', "");
        let (whole, part) = written.split_once('.').unwrap_or((&written, "0"));
        let figure = format!("{whole}{part}").parse().unwrap_or_else(|_| panic!("`{}` of {year} is no figure", cells[at]));
        let changed = to(figure);
        cells[at] = if cells[at].ends_with('%') { format!("{}.{}%", changed / 10, changed % 10) } else { shown(changed) };
        self.set(row, cells.join(" "))
    }
}
