//! `remit pack`: rule packs looked at by themselves.

mod compare;
mod impact;
mod review;
mod sets;

use std::io::Write;

use crate::Environment;
use crate::arguments::PackVerb;
use crate::exit::{Failure, Outcome};

/// Runs one of the commands.
pub(crate) fn run(verb: &PackVerb, out: &mut dyn Write, err: &mut dyn Write, environment: &Environment<'_>) -> Result<Outcome, Failure> {
    match verb {
        PackVerb::Check(arguments) => review::run(arguments, out, err, environment),
        PackVerb::Diff(arguments) => compare::run(arguments, out, err, environment),
        PackVerb::Impact(arguments) => impact::run(arguments, out, err, environment),
    }
}
