//! The values that fit where a type is expected: bodies, terms, levels, names of the plan, days and years.

use std::collections::HashSet;

use crate::ide::complete::{About, List, Mark, More, Sort, Text, years_of};
use crate::ide::cursor::{Expected, Rest, Within};
use crate::model::bodies::{Body, BodyId};
use crate::model::value::Value;
use crate::problem::Verdict;
use crate::rules::{Form, Rule};
use crate::syntax::literal;
use crate::syntax::typed::Progress;
use crate::time::{Date, Grain, Period};
use crate::vocabulary::types::Type;
use crate::vocabulary::{KindId, ScaleId, SetId, UnitId};

/// How many quarters or months are listed at once.
const MOST_PERIODS: usize = 72;
/// How many bodies are listed at once; the rest comes when more is typed.
const MOST_BODIES: usize = 100;

impl<'v> List<'v> {
    pub(super) fn values(&mut self, rest: &Rest<'v>, expected: Expected<'v>) {
        let view = self.view;
        if rest.quoted && !matches!(expected.ty, Type::Body | Type::Name) {
            return;
        }
        match expected.ty {
            Type::Body => self.bodies(rest, expected),
            Type::Term(set) => self.terms(*set, rest),
            Type::Level(scale) => self.levels(*scale),
            Type::Reference(kind) => self.statements(*kind),
            Type::Unit(of) => self.units(of),
            Type::Rule => self.rules(),
            Type::Subject => self.subjects(rest),
            Type::Row => {
                for def in &rest.kind.1.rows {
                    self.push(Sort::Row, &def.name, def.doc.clone(), Text::Plain(def.name.to_string())).about =
                        About::Field(rest.kind.0, def.name.clone());
                }
            }
            Type::Quarter | Type::Month => self.periods(expected.ty, rest),
            Type::YesNo => {
                for word in ["yes", "no"] {
                    self.push(Sort::Value, word, expected.doc, Text::Plain(word.to_owned()));
                }
            }
            Type::Date => self.dates(),
            Type::Days => {
                if let Some(days) = view.plan().days() {
                    let text = format!("{} to {}", days.first, days.last);
                    self.push(Sort::Value, &text, "the plan's horizon", Text::Plain(text.clone()));
                }
            }
            Type::Year => self.years(rest),
            Type::Years => {
                let years = years_of(view).unwrap_or_default();
                if let (Some(first), Some(last)) = (years.first(), years.last()) {
                    let text = format!("{first} to {last}");
                    self.push(Sort::Value, &text, "the plan's years", Text::Plain(text.clone()));
                }
                self.years(rest);
            }
            Type::Name if !expected.names => self.names(expected),
            Type::Number if rest.progress.cells > 0 => self.editions(rest),
            Type::Text | Type::Narrative if !rest.quoted && !rest.part.is_kind() => {
                self.push(Sort::Value, "\"…\"", expected.doc, Text::Snippet("\"$1\"".to_owned()));
            }
            Type::Duration => {
                for text in ["12 months", "24 months", "3 years"] {
                    self.push(Sort::Value, text, expected.doc, Text::Plain(text.to_owned()));
                }
            }
            _ => {}
        }
    }

    /// A unit may follow a number that fills its cell.
    pub(super) fn units_after_number(&mut self, rest: &Rest<'v>) {
        let before = Progress { cells: rest.progress.cells.saturating_sub(1), ..rest.progress.clone() };
        match (Rest { progress: before, ..rest.clone() }).expected().map(|expected| expected.ty) {
            Some(Type::Amount | Type::Value) => ["people", "places"].into_iter().for_each(|of| self.units(of)),
            Some(Type::Change) => self.units("points"),
            Some(Type::Duration) => self.units("duration"),
            _ => {}
        }
    }

    fn units(&mut self, of: &str) {
        let units: Vec<_> = self.view.vocabulary().units().iter().enumerate().filter(|(_, unit)| &*unit.of == of).collect();
        for (at, unit) in units {
            self.push(Sort::Unit, &unit.name, unit.doc.clone(), Text::Plain(unit.name.to_string())).about = About::Unit(UnitId(at as u16));
        }
    }

    fn bodies(&mut self, rest: &Rest<'v>, expected: Expected<'v>) {
        let plan = self.view.plan();
        let bodies = &plan.bodies;
        let day = plan.day();
        let taken: HashSet<&str> = if expected.names {
            let kind = rest.kind.0;
            plan.of_kind(kind).filter(|(_, entity)| entity.place != self.word).map(|(_, entity)| &*entity.name).collect()
        } else {
            HashSet::new()
        };
        let mut seen: HashSet<BodyId> = HashSet::new();
        let own: Vec<BodyId> = if expected.names { Vec::new() } else { bodies.own_names().filter_map(|name| bodies.find(name)).collect() };
        let members: Vec<BodyId> = plan
            .body
            .map(|system| bodies.register().members_on(system, day).into_iter().map(|(member, _)| member).collect())
            .unwrap_or_default();
        let system = plan.body.filter(|_| !expected.names || &*rest.kind.1.name != "organisation");
        let typed = self.typed.trim_start_matches(['"', '“', '”']).to_lowercase();
        let lowest = self.lowest_tier(rest);
        let only_tier =
            self.view.vocabulary().scale("tier").and_then(|scale| self.view.vocabulary().level(scale, self.tier_name(rest, expected)));
        let register = (0..bodies.register().len() as u32).map(BodyId);
        // Above the systems there are few, and plans name them often; of the rest, those that fit what is typed.
        let above = |id: &BodyId| bodies.get(*id).is_some_and(|body| body.alias.is_some() || body.code.contains(char::is_lowercase));
        let first = system.into_iter().chain(own).chain(members).chain(register.clone().filter(above));
        let begins = |id: &BodyId| bodies.get(*id).is_some_and(|body| body.code.to_lowercase().starts_with(&typed));
        let fitting = register.clone().filter(begins).chain(register).filter(|_| !typed.is_empty() || only_tier.is_some());
        let mut count = 0;
        for id in first.chain(fitting) {
            let Some(body) = bodies.get(id) else { continue };
            let written = bodies.written(id);
            if !fits(body, &written, &typed)
                || taken.contains(&*body.code)
                || only_tier.is_some_and(|tier| body.tier != tier)
                || !seen.insert(id)
            {
                continue;
            }
            count += 1;
            if count > MOST_BODIES {
                self.more = More::Yes;
                break;
            }
            let mark = match lowest {
                _ if !body.existed_on(day) => Mark::Gone,
                Some(lowest) if body.tier < lowest => Mark::Reserved,
                _ => Mark::None,
            };
            self.body(body, &written, mark);
        }
        // What is not typed yet may be any of the register.
        self.more = More::Yes;
    }

    fn body(&mut self, body: &Body, written: &str, mark: Mark) {
        let text = if literal::is_name(written) { written.to_owned() } else { format!("\"{written}\"") };
        let filter = format!("{written} {}", body.name);
        let item = self.push(Sort::Body, written, body.name.to_string(), Text::Plain(text));
        item.about = About::Body(body.code.clone());
        item.filter = filter;
        item.mark = mark;
    }

    /// The tier at which a body must stand to be accountable for the function of this statement.
    fn lowest_tier(&self, rest: &Rest<'v>) -> Option<u8> {
        let (Within::Field(def), Some(outer)) = (rest.part, rest.outer) else { return None };
        if &*def.name != "accountable" || rest.progress.clause.is_some() {
            return None;
        }
        let name = outer.cells().next()?.span()?;
        let set = self.view.vocabulary().set("function")?;
        let function = self.view.vocabulary().term(set, &literal::text(self.view.words(name)))?;
        self.view.reserve_of(function).map(|(_, reserve)| reserve.to)
    }

    /// The tier of the bodies that are asked for, where the field or the kind is named after one.
    fn tier_name(&self, rest: &Rest<'v>, expected: Expected<'v>) -> &'v str {
        if expected.names {
            return &rest.kind.1.name;
        }
        let clause = rest.progress.clause.and_then(|clause| rest.clauses().iter().find(|def| def.clause == clause));
        clause.map_or(expected.name, |def| &def.alias)
    }

    fn terms(&mut self, set: SetId, rest: &Rest<'v>) {
        let view = self.view;
        let vocabulary = view.vocabulary();
        let taken: HashSet<&str> = if rest.part.is_kind() && rest.progress.clause.is_none() && !rest.kind.1.many && !rest.kind.1.columns {
            view.plan().of_kind(rest.kind.0).filter(|(_, entity)| entity.place != self.word).map(|(_, entity)| &*entity.name).collect()
        } else {
            HashSet::new()
        };
        let mut reserved = Vec::new();
        for term in vocabulary.terms(set).filter(|term| !taken.contains(&*term.name)) {
            let Some(id) = vocabulary.term(set, &term.name) else { continue };
            let reserve = view.reserve_of(id);
            let detail = match reserve {
                Some((rule, reserve)) => {
                    let tier = vocabulary.scale("tier").map_or("", |scale| vocabulary.level_name(scale, reserve.to));
                    format!("{} · stays with the {tier}: {}", term.title, rule.short())
                }
                None => term.title.clone(),
            };
            let item = self.push(Sort::Term, &term.name, detail, Text::Plain(term.name.to_string()));
            item.about = About::Term(id);
            if reserve.is_some() {
                item.mark = Mark::Reserved;
                reserved.extend(self.items.pop());
            }
        }
        self.items.append(&mut reserved);
    }

    fn levels(&mut self, scale: ScaleId) {
        let view = self.view;
        let levels: Vec<_> = view.vocabulary().scale_def(scale).map(|scale| scale.levels.clone()).unwrap_or_default();
        let count = levels.len();
        for (at, level) in levels.iter().enumerate() {
            self.push(Sort::Level, level, format!("{} of {count}", at + 1), Text::Plain(level.to_string())).about =
                About::Level(scale, at as u8);
        }
    }

    fn statements(&mut self, kind: KindId) {
        let view = self.view;
        for (_, entity) in view.plan().of_kind(kind) {
            let title = match entity.title.as_ref().and_then(|title| title.value.as_ref()) {
                Some(Value::Text(title)) => title.to_string(),
                _ => String::new(),
            };
            let name = entity.name.to_string();
            let text = if literal::is_name(&name) { name.clone() } else { format!("\"{name}\"") };
            let item = self.push(Sort::Name, &name, title, Text::Plain(text));
            item.about = About::Statement(kind, entity.name.clone());
        }
    }

    fn dates(&mut self) {
        let plan = self.view.plan();
        let day = |day: Date| day.to_string();
        let mut dates = vec![(plan.as_of, "the day of the check")];
        dates.extend(plan.submitted.map(|submitted| (submitted, "the day the plan was submitted")));
        if let Some(days) = plan.days() {
            dates.push((days.first, "the first day of the horizon"));
            dates.push((days.last, "the last day of the horizon"));
        }
        if let Some((first, last)) = plan.horizon.filter(|(first, last)| last.0 - first.0 < 20) {
            let years = (first.0..=last.0).map(crate::time::FinancialYear);
            dates.extend(years.clone().map(|year| (year.first_day(), "the first day of a financial year")));
            dates.extend(years.map(|year| (year.last_day(), "the last day of a financial year")));
        }
        let mut seen = HashSet::new();
        for (date, what) in dates {
            if seen.insert(date) {
                self.push(Sort::Value, &day(date), what, Text::Plain(day(date)));
            }
        }
    }

    fn years(&mut self, rest: &Rest<'v>) {
        let line = self.view.text(self.word.file).get(rest.progress.head as usize..self.word.start as usize).unwrap_or("");
        let is_columns = matches!(rest.part, Within::Years(_));
        for year in years_of(self.view).unwrap_or_default().into_iter().filter(|year| !is_columns || !line.contains(year)) {
            self.push(Sort::Value, &year, "in the plan's horizon", Text::Plain(year.clone()));
        }
    }

    /// The quarters or the months of the horizon that the row does not have yet.
    fn periods(&mut self, ty: &Type, rest: &Rest<'v>) {
        let Some(days) = self.view.plan().days() else { return };
        let grain = if *ty == Type::Quarter { Grain::Quarter } else { Grain::Month };
        let line = self.view.text(self.word.file).get(rest.progress.head as usize..self.word.start as usize).unwrap_or("");
        let first = match grain {
            Grain::Month => Period::Month(days.first.year(), days.first.month()),
            _ => Period::Quarter(crate::time::FinancialYear::of(days.first), 1),
        };
        let periods =
            (first.ordinal()..).map_while(|ordinal| Period::at(grain, ordinal)).take_while(|period| period.last_day() <= days.last);
        for period in periods.take(MOST_PERIODS).map(|period| period.to_string()).filter(|period| !line.contains(period.as_str())) {
            self.push(Sort::Value, &period, "in the plan's horizon", Text::Plain(period.clone()));
        }
    }

    /// Frameworks, and what else is a plain name.
    fn names(&mut self, expected: Expected<'v>) {
        let view = self.view;
        if expected.name == "framework" {
            for info in view.packs().infos.iter().filter(|info| !info.editions.is_empty()) {
                let edition = info.edition_on(view.plan().day()).and_then(|at| info.editions.get(at)).map_or("", |edition| &edition.name);
                let text = format!("{} {edition}", info.name);
                let item = self.push(Sort::Name, &info.name, info.title.clone(), Text::Plain(text));
                item.about = About::Words(format!("**{}**\n\nVersion {}", info.title, info.version));
            }
            return;
        }
        let plan = view.plan();
        for entity in &plan.entities {
            let Some(kind) = view.vocabulary().kind_def(entity.kind) else { continue };
            if kind.named.as_ref().is_some_and(|named| named.ty == Type::Name) {
                let name = entity.name.to_string();
                self.push(Sort::Name, &name, kind.name.to_string(), Text::Plain(name.clone()));
            }
        }
    }

    fn editions(&mut self, rest: &Rest<'v>) {
        let view = self.view;
        let (from, to) = rest.progress.last;
        let name = view.text(self.word.file).get(from as usize..to as usize).unwrap_or("");
        let Some(info) = view.packs().infos.iter().find(|info| info.name == name) else { return };
        for edition in info.editions.iter().rev() {
            let detail = format!("{}, in force {}", edition.title, edition.in_force);
            self.push(Sort::Value, &edition.name, detail, Text::Plain(edition.name.clone()));
        }
    }

    /// The rules that may be waived; those that fail first.
    fn rules(&mut self) {
        let view = self.view;
        let fails =
            |rule: &Rule| view.findings().iter().any(|finding| finding.problem.rule == *rule.id && finding.verdict == Verdict::Fail);
        let mut rules: Vec<&Rule> =
            view.rules().filter(|rule| rule.waivable_by.is_some() && !matches!(rule.form, Form::Reserve(_))).collect();
        rules.sort_by_key(|rule| !fails(rule));
        for rule in rules {
            let detail = if fails(rule) { format!("{} · fails here", rule.title) } else { rule.title.clone() };
            self.push(Sort::Rule, rule.short(), detail, Text::Plain(rule.short().to_owned())).about =
                About::Rule(view.packs().rules.iter().position(|known| std::ptr::eq(known, rule)).unwrap_or(usize::MAX));
        }
    }

    /// What a waiver may be for: first that for which its rule fails.
    fn subjects(&mut self, rest: &Rest<'v>) {
        let view = self.view;
        let head = view.tree(self.word.file).and_then(|tree| tree.before(rest.progress.head));
        let rule = head.and_then(|statement| statement.cells().next()?.span()).map(|span| view.words(span));
        let mut seen = HashSet::new();
        for finding in view.findings().iter().filter(|finding| finding.verdict == Verdict::Fail) {
            let short = finding.problem.rule.split_once('/').map_or("", |(_, short)| short);
            if rule.is_none_or(|rule| rule == short || rule == finding.problem.rule) {
                let name = finding.subject.split(", ").next().unwrap_or("").split(' ').nth(1).unwrap_or("");
                if literal::is_name(name) && seen.insert(name.to_owned()) {
                    self.push(Sort::Name, name, format!("{short} fails for {}", finding.subject), Text::Plain(name.to_owned()));
                }
            }
        }
        for entity in &view.plan().entities {
            let name = entity.name.to_string();
            if literal::is_name(&name) && seen.insert(name.clone()) {
                let kind = view.vocabulary().kind_def(entity.kind).map_or("", |kind| &*kind.name);
                self.push(Sort::Name, &name, kind, Text::Plain(name.clone()));
            }
        }
    }
}

/// Whether what is typed begins the code, the name, or a word of the name.
fn fits(body: &Body, written: &str, typed: &str) -> bool {
    typed.is_empty()
        || written.to_lowercase().starts_with(typed)
        || body.code.to_lowercase().starts_with(typed)
        || body.name.to_lowercase().split([' ', ',', '-']).any(|word| word.starts_with(typed))
}
