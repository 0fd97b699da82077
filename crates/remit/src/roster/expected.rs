//! Whose plans are expected on a day: what `remit.yaml` lists, or every system of the register.

use remit_core::model::bodies::BodyId;
use remit_core::packs::Packs;
use remit_core::problem::did_you_mean;
use remit_core::time::Date;

use crate::exit::Failure;

/// A system of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    /// Its ODS code.
    pub(crate) code: String,
    /// For people.
    pub(crate) name: String,
    /// The name of its region on the day.
    pub(crate) region: Option<String>,
}

/// The systems whose plans are expected, each once. `listed` are codes of systems, and regions for all their systems; where it is empty, all are.
///
/// # Errors
/// The register knows no system and no region of such a name.
pub(crate) fn of(listed: &[String], packs: &Packs, day: Date) -> Result<Vec<Expected>, Failure> {
    let register = &packs.register;
    let mut bodies: Vec<BodyId> = Vec::new();
    if listed.is_empty() {
        let systems = register.all().filter(|(id, body)| is_system(*id, packs) && body.existed_on(day));
        bodies.extend(systems.map(|(id, _)| id));
    }
    for name in listed {
        let body = register.find(name).ok_or_else(|| unknown(name, packs))?;
        if is_system(body, packs) {
            bodies.push(body);
            continue;
        }
        let members = register.members_on(body, day).into_iter().map(|(member, _)| member);
        let systems: Vec<BodyId> = members.filter(|member| is_system(*member, packs)).collect();
        if systems.is_empty() {
            return Err(Failure::usage(format!("`{name}`, under `roster` of `remit.yaml`, is no system, and has none on {day}"))
                .help("list codes of systems, such as `QHM`, or regions, such as `north-east-and-yorkshire`"));
        }
        bodies.extend(systems);
    }
    bodies.sort_unstable();
    bodies.dedup();
    Ok(bodies.into_iter().filter_map(|body| known(body, packs, day)).collect())
}

/// The body by which a plan names itself, as the register has it.
pub(crate) fn system(name: &str, packs: &Packs, day: Date) -> Option<Expected> {
    known(packs.register.find(name)?, packs, day)
}

fn known(body: BodyId, packs: &Packs, day: Date) -> Option<Expected> {
    let body = packs.register.get(body)?;
    let region = body.parent_on(day).value().and_then(|region| packs.register.get(region)).map(|region| region.name.to_string());
    Some(Expected { code: body.code.to_string(), name: body.name.to_string(), region })
}

fn is_system(body: BodyId, packs: &Packs) -> bool {
    let system = packs.vocabulary.scale("tier").and_then(|scale| packs.vocabulary.level(scale, "system"));
    packs.register.get(body).is_some_and(|body| Some(body.tier) == system)
}

fn unknown(name: &str, packs: &Packs) -> Failure {
    let failure = Failure::usage(format!("the register knows no `{name}`, which `roster` of `remit.yaml` expects"));
    match did_you_mean(name, packs.register.names()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("list codes of systems, such as `QHM`, or regions, such as `north-east-and-yorkshire`"),
    }
}
