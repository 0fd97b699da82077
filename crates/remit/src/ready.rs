//! `remit ready`: the readiness ladder of one plan, or a table of many.

mod json;
mod picture;
pub(crate) mod text;
pub(crate) mod words;

use std::io::Write;

use remit_core::check::open;
use remit_core::ready::{Ladder, ladder};
use remit_core::source::Sources;

use crate::Environment;
use crate::arguments::{ReadyArguments, ReadyFormat};
use crate::exit::{Failure, Outcome};
use crate::jobs::{Asked, Failures, jobs};
use crate::output::{Format, create};
use crate::project::Place;
use crate::render::Look;

/// The widest that text is set.
const WIDEST: usize = 100;

/// A ladder with the texts that its places are in.
pub(crate) struct Climbed {
    pub(crate) ladder: Ladder,
    pub(crate) sources: Sources,
}

/// Runs the command.
pub(crate) fn run(
    arguments: &ReadyArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let place = arguments.output.as_ref().map(|file| Place::given(&environment.folder, file));
    if let Some(place) = place.as_ref().filter(|place| place.is_plan_file()) {
        return Err(Failure::usage(format!("`{}` would be written over: a ladder does not go into a plan's file", place.shown)));
    }
    let mut failures = Failures::new(err);
    let asked = Asked { paths: &arguments.paths, as_of: arguments.as_of, fail_on: None, format: Format::Human };
    let jobs = jobs(&asked, &mut failures, environment)?;
    let mut climbed = Vec::new();
    for job in jobs {
        match job.plan.read() {
            Ok(files) => {
                let opened = open(&job.plan.place.shown, files, &job.packs, job.as_of);
                climbed.push(Climbed { ladder: ladder(&opened, &job.packs), sources: opened.analysis.sources });
            }
            Err(failure) => failures.tell(failure),
        }
    }
    let worst = failures.worst;
    if climbed.is_empty() && worst != Outcome::Clean {
        return Ok(worst);
    }
    let look = match &place {
        Some(_) => Look::FILE,
        None => Look { color: environment.color, width: environment.width.unwrap_or(80).min(WIDEST) },
    };
    let mut file = place.as_ref().map(create).transpose()?;
    let shown = place.as_ref().map_or("standard output", |place| &place.shown);
    let out: &mut dyn Write = match &mut file {
        Some(file) => file,
        None => out,
    };
    let written = match arguments.format {
        ReadyFormat::Human => text::human(&climbed, look, out),
        ReadyFormat::Plain => text::plain(&climbed, out),
        ReadyFormat::Markdown => text::markdown(&climbed, out),
        ReadyFormat::Json => json::write(&climbed, out),
        ReadyFormat::Svg => out.write_all(picture::picture(&climbed).as_bytes()),
    };
    written.and_then(|()| out.flush()).map_err(|error| Failure::writing(shown, &error))?;
    Ok(worst)
}
