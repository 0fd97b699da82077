//! `remit init`: a first plan for a body, from its ODS code, in a folder of its own.

use std::fs;
use std::io::Write;

use remit_core::draft::draft;
use remit_core::model::bodies::{BodyId, Register};
use remit_core::problem::did_you_mean;

use crate::Environment;
use crate::arguments::InitArguments;
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::packs::{Library, PackFailure, tell_invalid};
use crate::project::{Place, entries};
use crate::render::text::{clean, counted};

/// Runs the command.
pub(crate) fn run(
    arguments: &InitArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let folder = arguments.folder.clone().unwrap_or_else(|| arguments.body.to_lowercase().into());
    let place = Place::given(&environment.folder, &folder);
    let config = Configs::new(&environment.folder).nearest(&place.folder())?;
    let mut library = Library::default();
    let packs = match library.load(&config, environment) {
        Ok(packs) => packs,
        Err(PackFailure::Unreadable(failure)) => return Err(failure),
        Err(PackFailure::Invalid(errors)) => return tell_invalid(&errors, err, environment),
    };
    library.tell_notes(err);
    let body = find(&packs.register, &arguments.body)?;
    let day = arguments.as_of.or(config.as_of).unwrap_or(environment.today);
    if let Some(known) = packs.register.get(body)
        && !known.existed_on(day)
    {
        let successors: Vec<String> = known
            .successions
            .iter()
            .filter_map(|succession| packs.register.get(succession.successor))
            .map(|successor| format!("`{}`, {}", successor.code, successor.name))
            .collect();
        let failure = Failure::usage(format!("{} ({}) did not exist on {day}", known.name, known.code));
        return Err(match successors.as_slice() {
            [] => failure.help("say of which day with `--as-of`"),
            some => failure.help(format!("what followed it: {}", some.join("; "))),
        });
    }
    if place.real.exists() && !entries(&place)?.is_empty() {
        return Err(Failure::usage(format!("`{}` is not empty, and nothing in it is written over", place.shown))
            .help("name another folder, such as `remit init QHM plans/qhm`"));
    }
    let draft = draft(&packs, body, day);
    fs::create_dir_all(&place.real).map_err(|error| Failure::writing(&place.shown, &error))?;
    let mut written = String::new();
    for (name, text) in &draft.files {
        let file = place.child(name.as_ref());
        fs::write(&file.real, text).map_err(|error| Failure::writing(&file.shown, &error))?;
        written.push_str(&format!("  {}\n", clean(&file.shown)));
    }
    let name = packs.register.get(body).map_or(String::new(), |body| format!("{} ({})", body.name, body.code));
    write!(
        out,
        "A first plan of {} as at {day}, with {}:\n\n{}\n{} left to fill in: each is a `-`, and says what belongs there and which rule asks.\n\n\
         Next:\n  remit check {}    what is still missing\n  remit fmt {}      line up what you wrote\n",
        clean(&name),
        counted(draft.organisations, "organisation", "organisations"),
        written,
        counted(draft.gaps, "value is", "values are"),
        clean(&place.shown),
        clean(&place.shown),
    )
    .map_err(|error| Failure::writing("standard output", &error))?;
    Ok(Outcome::Clean)
}

/// The body of a code, or the one that has such a name.
fn find(register: &Register, word: &str) -> Result<BodyId, Failure> {
    if let Some(body) = register.find(word).or_else(|| register.find(&word.to_uppercase())) {
        return Ok(body);
    }
    let lower = word.to_lowercase();
    let named: Vec<(BodyId, String)> = register
        .all()
        .filter(|(_, body)| lower.len() >= 4 && body.name.to_lowercase().contains(&lower))
        .map(|(id, body)| (id, format!("`{}`, {}", body.code, body.name)))
        .collect();
    let failure = Failure::usage(format!("there is no body `{word}` in the register"));
    Err(match (named.as_slice(), did_you_mean(word, register.names())) {
        ([], Some(near)) => {
            let name = register.find(near).and_then(|body| register.get(body)).map_or(String::new(), |body| format!(", {}", body.name));
            failure.help(format!("did you mean `{near}`{name}?"))
        }
        ([], None) => failure.help("give the ODS code of the system or the organisation, such as `remit init QHM`"),
        (named, _) => {
            let some: Vec<&str> = named.iter().take(5).map(|(_, name)| name.as_str()).collect();
            let more = if named.len() > some.len() { format!("; and {} more", named.len() - some.len()) } else { String::new() };
            failure.help(format!("by its code: {}{more}", some.join("; ")))
        }
    })
}
