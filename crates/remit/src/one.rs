//! The one plan that a command looks into, with everything that decides how it is read.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use remit_core::check::PlanText;
use remit_core::packs::Packs;
use remit_core::source::{Sources, Span};
use remit_core::time::Date;

use crate::Environment;
use crate::config::Configs;
use crate::exit::Failure;
use crate::packs::{Library, PackFailure};
use crate::project::{Place, plans_at};
use crate::render::text::clean;

/// A plan, read.
pub(crate) struct One {
    /// The file or folder, as it is shown.
    pub(crate) shown: String,
    /// Its files.
    pub(crate) texts: Vec<PlanText>,
    /// The packs in force for it.
    pub(crate) packs: Arc<Packs>,
    /// The day as of which it is read.
    pub(crate) as_of: Date,
}

/// Reads the plan at a path, or in this folder.
pub(crate) fn one(
    path: Option<&Path>,
    as_of: Option<Date>,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<One, PackFailure> {
    let place = Place::given(&environment.folder, path.unwrap_or(".".as_ref()));
    let mut configs = Configs::new(&environment.folder);
    let mut plans = plans_at(&place).map_err(PackFailure::Unreadable)?.into_iter();
    let (Some(plan), None) = (plans.next(), plans.next()) else {
        let failure = Failure::usage(format!("there are several plans in `{}`", place.shown)).help("name the folder, or the file, of one");
        return Err(PackFailure::Unreadable(failure));
    };
    let config = configs.nearest(&plan.place.folder()).map_err(PackFailure::Unreadable)?;
    let mut library = Library::default();
    let packs = library.load(&config, environment)?;
    library.tell_notes(err);
    let texts = plan.read().map_err(PackFailure::Unreadable)?.into_iter().map(PlanText::from).collect();
    Ok(One { shown: plan.place.shown, texts, packs, as_of: as_of.or(config.as_of).unwrap_or(environment.today) })
}

/// File and line, for people.
pub(crate) fn file_and_line(sources: &Sources, span: Span) -> String {
    let line = sources.get(span.file).map_or(1, |source| source.position(span.start).line);
    format!("{}:{line}", clean(sources.path(span)))
}
