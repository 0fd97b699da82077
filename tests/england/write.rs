//! Writes England to a folder, each plan in a folder of its own, and what was planted beside them as `expected.json`.
//!
//! `cargo run -p remit-tests --example england -- OUT [--scale N] [--statements N] [--seed S] [--planted] [--region NAME]`; of one region only its own plans,
//! each in a folder of `OUT` itself.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use remit_core::packs::Packs;
use remit_tests::england::{self, Options, Sown};

const USAGE: &str = "england OUT [--scale N] [--statements N] [--seed S] [--planted] [--region NAME]";

fn main() -> Result<(), Box<dyn Error>> {
    let mut options = Options::default();
    let mut out = None;
    let mut region = None;
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|number| number.parse::<usize>().ok()).filter(|number| *number > 0).ok_or(USAGE);
        match argument.as_str() {
            "--scale" => options.scale = number()?,
            "--statements" => options.statements = number()?,
            "--seed" => options.seed = number()? as u64,
            "--planted" => options.sown = Sown::Everything,
            "--region" => region = Some(arguments.next().ok_or(USAGE)?),
            _ if argument.starts_with('-') || out.is_some() => return Err(USAGE.into()),
            _ => out = Some(argument),
        }
    }
    let out = out.ok_or(USAGE)?;
    let packs = Packs::load(&remit_framework::packs()).map_err(|errors| format!("the packs do not load: {:?}", errors.problems))?;
    let mut plans = england::england(&packs, options);
    if let Some(region) = &region {
        plans.retain(|plan| plan.region == *region);
    }
    for plan in &plans {
        let folder = Path::new(&out).join(if region.is_some() { "" } else { &plan.region }).join(&plan.code);
        fs::create_dir_all(&folder)?;
        for (name, text) in &plan.files {
            fs::write(folder.join(name), text)?;
        }
    }
    let expected = serde_json::to_string_pretty(&england::expected_json(&plans))? + "\n";
    fs::write(Path::new(&out).join("expected.json"), expected)?;
    println!("{} plans in {out}, to be checked as of {}", plans.len(), england::as_of());
    Ok(())
}
