//! `remit pack`: rule packs looked at by themselves, published, pulled and held to their word.

pub(crate) mod archive;
mod compare;
mod credentials;
pub(crate) mod docs;
mod http;
mod impact;
pub(crate) mod installed;
pub(crate) mod key;
pub(crate) mod place;
mod prove;
mod publish;
mod pull;
mod registry;
mod review;
mod sets;
pub(crate) mod signature;
pub(crate) mod trust;
mod verify;

use std::io::Write;

use crate::Environment;
use crate::arguments::PackVerb;
use crate::exit::{Failure, Outcome};

/// Runs one of the commands.
pub(crate) fn run(verb: &PackVerb, out: &mut dyn Write, err: &mut dyn Write, environment: &Environment<'_>) -> Result<Outcome, Failure> {
    match verb {
        PackVerb::Check(arguments) => review::run(arguments, out, err, environment),
        PackVerb::Test(arguments) => prove::run(arguments, out, err, environment),
        PackVerb::Diff(arguments) => compare::run(arguments, out, err, environment),
        PackVerb::Impact(arguments) => impact::run(arguments, out, err, environment),
        PackVerb::Docs(arguments) => docs::run(arguments, out, err, environment),
        PackVerb::Publish(arguments) => publish::run(arguments, out, err, environment),
        PackVerb::Pull(arguments) => pull::run(arguments, out, err, environment),
        PackVerb::Verify(arguments) => verify::run(arguments, out, environment),
        PackVerb::Key(arguments) => key::run(arguments, out, environment),
    }
}

/// Writes lines to the standard output.
pub(crate) fn say(out: &mut dyn Write, text: &str) -> Result<(), Failure> {
    out.write_all(text.as_bytes()).map_err(|error| Failure::writing("standard output", &error))
}
