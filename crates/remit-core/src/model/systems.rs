//! The systems of the register on a day, each with its region: whose plans there could be.

use crate::model::bodies::{BodyId, Register};
use crate::time::Date;
use crate::vocabulary::Vocabulary;

/// A system as the register shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Which body it is.
    pub body: BodyId,
    /// Its ODS code.
    pub code: String,
    /// For people.
    pub name: String,
    /// Its region, known or presumed.
    pub region: Option<Region>,
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// As plans write it.
    pub code: String,
    /// For people.
    pub name: String,
}

/// Every system that there was on a day, in the order of the register.
pub fn systems(vocabulary: &Vocabulary, register: &Register, day: Date) -> Vec<System> {
    let Some(tier) = vocabulary.scale("tier").and_then(|scale| vocabulary.level(scale, "system")) else { return Vec::new() };
    let region = |id: BodyId| {
        let region = register.get(id).filter(|region| region.tier > tier)?;
        Some(Region { code: region.alias.as_ref().unwrap_or(&region.code).to_string(), name: region.name.to_string() })
    };
    let there_were = register.all().filter(|(_, body)| body.tier == tier && body.existed_on(day));
    let system = |(id, body): (BodyId, &crate::model::bodies::Body)| System {
        body: id,
        code: body.code.to_string(),
        name: body.name.to_string(),
        region: body.parent_on(day).value().and_then(region),
    };
    there_were.map(system).collect()
}
