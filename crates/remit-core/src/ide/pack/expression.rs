//! The names of a rule's expressions and messages: the fields of its kind, their clauses, the plan's fields, and the words between.

use crate::ide::pack::{PackView, Spot};
use crate::ide::words;
use crate::source::Span;
use crate::vocabulary::{FieldDef, Kind, KindId, Word};

/// The words of expressions that are no names, with what they mean.
pub(super) const WORDS: [(&str, &str); 22] = [
    ("is given", "The only question about what is absent"),
    ("is not given", "Whether something is absent"),
    ("and", "Both hold"),
    ("or", "One of them holds"),
    ("not", "The contrary"),
    ("in", "One of these, or a part of one: `kind in [provider]`. With a year, the value of a row in it"),
    ("every year of", "Over the horizon: `every year of in-post satisfies in-post >= 100 wte`"),
    ("satisfies", "What holds for each"),
    ("some", "At least one statement of a kind satisfies something"),
    ("every", "Each statement of a kind satisfies something"),
    ("each of", "Each of the values of a field satisfies something"),
    ("sum of", "The sum over the statements of a kind: `sum of in-post in 2023/24 over workforce`"),
    ("count of", "How many statements of a kind there are"),
    ("over", "What is summed over"),
    ("where", "Which of them"),
    ("previous year", "The year before the one that is looked at"),
    ("this year", "The year that is looked at"),
    ("otherwise", "The second where the first is not given: `transfers otherwise 0`"),
    ("includes", "A run of years or days holds one; a list holds a value"),
    ("follows", "The figure as written is what the other rounds to"),
    ("length of", "How long a run of years is"),
    ("as-of", "The day of the check"),
];

/// What a name of an expression is.
pub(super) enum Name<'v> {
    /// A field, a row, a cell or what the compiler works out.
    Field(KindId, &'v Kind, &'v FieldDef),
    /// What names the statement.
    Alias(KindId, &'v Kind),
}

impl<'v> PackView<'v> {
    /// The kind that names at a place speak of: the rule's own, or that which is ranged over before it.
    pub(super) fn scope(self, spot: &Spot<'_>) -> Option<(KindId, &'v Kind)> {
        let mut kind = self.kind(spot);
        let mut words = spot.before.split_whitespace().peekable();
        while let Some(word) = words.next() {
            if matches!(word, "some" | "every" | "over" | "no")
                && let Some(next) = words.peek()
                && let Some(id) = self.vocabulary().kind(next)
                && let Some(def) = self.vocabulary().kind_def(id)
            {
                kind = Some((id, def));
            }
        }
        kind
    }

    /// What a name means at a place.
    pub(super) fn name(self, spot: &Spot<'_>, word: &str) -> Option<Name<'v>> {
        let first = word.split('.').next().unwrap_or(word);
        let plan = self.vocabulary().kind("plan").and_then(|id| Some((id, self.vocabulary().kind_def(id)?)));
        if let ("plan", Some(field), Some((id, kind))) = (first, word.split('.').nth(1), plan) {
            return field_of(kind, field).map(|def| Name::Field(id, kind, def));
        }
        let scopes = [self.scope(spot), self.kind(spot), plan];
        scopes.into_iter().flatten().find_map(|(id, kind)| {
            if *kind.alias == *first {
                return Some(Name::Alias(id, kind));
            }
            field_of(kind, first).map(|def| Name::Field(id, kind, def))
        })
    }

    /// What there is to read about a name.
    pub(super) fn about_name(self, spot: &Spot<'_>, word: &str) -> Option<String> {
        let vocabulary = self.vocabulary();
        match self.name(spot, word) {
            Some(Name::Field(_, kind, def)) => {
                if let Some(clause) = word.split('.').nth(1).and_then(|alias| def.clauses.iter().find(|clause| *clause.alias == *alias)) {
                    return Some(words::about_clause(vocabulary, clause));
                }
                Some(words::about_field(vocabulary, kind, def))
            }
            Some(Name::Alias(_, kind)) => {
                let named = kind.named.as_ref()?;
                Some(format!("**{word}**: what names this `{}`. {}.", kind.name, vocabulary.describe(&named.ty)))
            }
            None => {
                if let Some((_, doc)) = WORDS.iter().find(|(known, _)| known.split(' ').any(|part| part == word)) {
                    return Some(format!("**{word}**\n\n{}", words::sentence(doc)));
                }
                let terms = vocabulary.sets().iter().find_map(|set| self.about_term(&set.name, word));
                terms.or_else(|| vocabulary.scales().iter().find_map(|scale| words::about_level(vocabulary, &scale.name, word)))
            }
        }
    }

    /// Where a name is declared.
    pub(super) fn place_of(self, spot: &Spot<'_>, word: &str) -> Option<Span> {
        let vocabulary = self.vocabulary();
        match self.name(spot, word) {
            Some(Name::Field(id, kind, def)) => {
                vocabulary.place(&Word::Field(id, def.name.clone())).or_else(|| vocabulary.place(&Word::Kind(vocabulary.kind(&kind.name)?)))
            }
            Some(Name::Alias(id, _)) => vocabulary.place(&Word::Kind(id)),
            None => {
                if let Some(kind) = vocabulary.kind(word) {
                    return vocabulary.place(&Word::Kind(kind));
                }
                let sets = vocabulary.sets().iter().filter_map(|set| vocabulary.set(&set.name));
                sets.into_iter().find_map(|set| vocabulary.place(&Word::Term(vocabulary.term(set, word)?)))
            }
        }
    }
}

/// The field of a name, whether people write it or the compiler works it out.
fn field_of<'v>(kind: &'v Kind, name: &str) -> Option<&'v FieldDef> {
    kind.fields.iter().chain(&kind.rows).chain(&kind.cells).chain(&kind.derived).find(|field| *field.name == *name)
}
