//! The words that the command line understands, and its help.

mod baseline;
mod ready;
mod report;
mod roster;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use remit_core::model::streams::Assumption;
use remit_core::problem::Severity;
use remit_core::time::{Date, day};

pub(crate) use crate::arguments::baseline::BaselineArguments;
pub(crate) use crate::arguments::ready::{ReadyArguments, ReadyFormat, WaiversArguments, WaiversFormat};
pub(crate) use crate::arguments::report::ReportArguments;
pub(crate) use crate::arguments::roster::{RosterArguments, RosterFormat};
use crate::output::FormatRequest;

/// Checks the people plans of the NHS in England against national rules.
#[derive(Debug, Parser)]
#[command(name = "remit", version, max_term_width = 100, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(after_help = "Examples:
  remit init QHM                       begin a plan of North East and North Cumbria
  remit check                          check the plan in this folder
  remit check plan.remit               check a plan that is one file
  remit explain pay-stays-national     read what a rule asks, and why
  remit fmt                            line up the tables of the plan in this folder

`remit check --help` tells more about one command.")]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Begin a plan: what the register and the framework know is filled in, and the rest says what belongs there
    Init(InitArguments),
    /// Check plans, and say what to put right
    Check(CheckArguments),
    /// Write down what is found today as known, so that only what is new fails; and take out what is no longer found
    Baseline(BaselineArguments),
    /// Say on which days verdicts change, and why
    Calendar(CalendarArguments),
    /// Make a recorded check again, and say whether it is the same
    Replay(ReplayArguments),
    /// Show who holds which function, how ready each system is to take it on, what is missing, and when it could open
    Ready(ReadyArguments),
    /// Make a page that a board reads: who answers for what, what is ready, the figures, the findings, and when they change
    Report(ReportArguments),
    /// Show whose plans are here, whose are missing, and how each stands; and write to those who are missing or failing
    Roster(RosterArguments),
    /// List every waiver: in force, expiring, unused, expired or refused, with who asked, who approved, and why
    Waivers(WaiversArguments),
    /// Show what a rule asks, where it comes from and how to meet it
    Explain(ExplainArguments),
    /// Say why a rule says what it says of something, and what would pass
    Why(WhyArguments),
    /// Say which findings depend on money that may or may not arrive
    Outcomes(OutcomesArguments),
    /// Lay plans out in the one agreed way: fields and tables line up
    Fmt(FmtArguments),
    /// Look at rule packs themselves; publish them, pull those of others, and hold them to their signatures
    #[command(subcommand)]
    Pack(PackVerb),
    /// Print the JSON Schema of a YAML file or of an output, for editors and programs
    Schema(SchemaArguments),
    /// Serve an editor: the language server on the standard input and output
    Lsp(LspArguments),
    /// Write the script by which your shell completes remit's words
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// `remit check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit check                             the plan in this folder, today
  remit check plans --as-of 2026-03-31    every plan below `plans`, on that day
  remit check --fail-on warning           warnings count as well
  remit check --format plain              full sentences, for a screen reader
  remit check --format human --format json=out.json
  remit check --format human --format sarif=findings.sarif --format junit=findings.xml
  remit check --baseline remit-baseline.json         only what is new fails
  remit check --since main                           only what this branch brings fails
  remit check --record check.json --sign ours.key    keep what was found, signed, for `remit replay`

The command ends with
  0  nothing to put right at the level of --fail-on, or above
  1  something to put right
  2  a wrong use, or a file that cannot be read
  3  a rule pack is invalid or not trusted
  4  with --strict only: nothing failed, but a rule of level error cannot be told yet

A file `remit.yaml` beside the plan, or in a folder above it, may set `as-of`, `fail-on`, `packs`
and `plans`. What is written on the command line wins.")]
pub(crate) struct CheckArguments {
    /// Plans: a `.remit` file, or a folder that holds `.remit` files or further folders with them [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Check as things stood on this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,

    /// Check as if money that waits for this arrived (yes), or did not (no), such as "Spending Review 2019"=yes; may be given
    /// several times
    #[arg(long, value_name = "NAME=yes|no", value_parser = crate::assume::parse)]
    pub(crate) assume: Vec<Assumption>,

    /// The least level at which a finding makes the command fail [default: error]
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub(crate) fail_on: Option<Level>,

    /// End with 4 when nothing failed but a rule of level error cannot be told yet
    #[arg(long)]
    pub(crate) strict: bool,

    /// A file of what is known already, that `remit baseline` wrote: only what is new fails
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Only what was not found in the plans as they stood at this commit, branch or tag of git fails
    #[arg(long, value_name = "REVISION")]
    pub(crate) since: Option<String>,

    /// How many plans to check at a time [default: as many as the machine has cores]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// How to tell the findings: human, plain (for screen readers), json, sarif, junit, github, gitlab or markdown. NAME=FILE
    /// writes to a file; may be given several times [default: human]
    #[arg(long, value_name = "NAME[=FILE]", value_parser = FormatRequest::parse)]
    pub(crate) format: Vec<FormatRequest>,

    /// Write to this file instead of the terminal
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Also write to this file what was checked and what was found, so that `remit replay` can make the same check again
    #[arg(long, value_name = "FILE", conflicts_with = "assume")]
    pub(crate) record: Option<PathBuf>,

    /// Sign the record with the secret key of this file: the signature goes beside it, into FILE.minisig
    #[arg(long, value_name = "KEY", requires = "record")]
    pub(crate) sign: Option<PathBuf>,
}

/// `remit replay`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit replay check.json                              where the check was made
  remit replay check.json --plan archive/plan-2019     the plan lies elsewhere today
  remit replay check.json --key ours.key.pub           and the signature has to be by this key

The check is made again as of the recorded day, with the packs that are in force here. A record that is signed
is held to the keys that `remit.yaml` trusts, or to `--key`.

The command ends with
  0  the same, to the byte
  1  something differs: what, is said
  2  a wrong use, or a file that cannot be read
  3  the signature is not to be believed, or is missing where it is asked for; or a rule pack is invalid")]
pub(crate) struct ReplayArguments {
    /// The record that `remit check --record` wrote
    pub(crate) record: PathBuf,

    /// Where the plan is, when it is not where it was
    #[arg(long, value_name = "PATH")]
    pub(crate) plan: Option<PathBuf>,

    /// The public key, or its file, in place of the keys of `remit.yaml`
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,

    /// End with 3 where the record has no signature
    #[arg(long)]
    pub(crate) require_signature: bool,
}

/// `remit init`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit init QHM                                the plan of a system, in the folder `qhm`
  remit init QHM plans/north-east               in a folder that you name
  remit init QHM --as-of 2019-09-01             with the bodies and the framework of that day

A folder that is not empty is left as it is.")]
pub(crate) struct InitArguments {
    /// The ODS code of the system or organisation whose plan it is
    #[arg(value_name = "CODE")]
    pub(crate) body: String,

    /// Where to write it [default: a folder named by the code]
    pub(crate) folder: Option<PathBuf>,

    /// With the bodies and the framework as at this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
}

/// `remit calendar`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit calendar                                  the plan in this folder, over its horizon
  remit calendar --from 2026-04-01 --until 2027-03-31
  remit calendar --format markdown                a table for a paper
  remit calendar --format svg --output plan.svg   a picture for a board
  remit calendar --format ics --output plan.ics   for a calendar program

The days run from the one on which the plan was submitted, since before it there was no plan to judge; a
plan that does not say begins with its horizon. They end with the horizon. Every day among them counts: what
is told is what a check of each single day would find.

The command ends with
  0  done, whatever changes
  2  a wrong use, or a file that cannot be read
  3  a rule pack is invalid or not trusted")]
pub(crate) struct CalendarArguments {
    /// Plans: a `.remit` file, or a folder that holds `.remit` files or further folders with them [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// The first day [default: the day submitted, else the horizon's first]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<Date>,

    /// The last day [default: the horizon's last]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) until: Option<Date>,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: CalendarFormat,

    /// Write to this file instead of the terminal
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How a calendar is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CalendarFormat {
    /// Text to read
    Human,
    /// Full sentences, for screen readers
    Plain,
    /// A table, for a paper
    Markdown,
    /// For programs
    Json,
    /// For calendar programs: iCalendar, with the days that the plan names
    Ics,
    /// A picture for a board, with the days that the plan names
    Svg,
}

/// `remit explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit explain                        list every rule
  remit explain wellbeing-guardian     read one")]
pub(crate) struct ExplainArguments {
    /// The rule, such as `pay-stays-national` [default: list all]
    pub(crate) rule: Option<String>,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: ExplainFormat,
}

/// `remit outcomes`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit outcomes                            the plan in this folder
  remit outcomes plan.remit --format markdown
  remit check --assume \"Spending Review 2019\"=no     all findings of one outcome

Each thing that a `funding` has its `status subject-to` may or may not arrive. A finding may hold in all
outcomes, in some or in none; what the plan depends on is the smallest set of confirmations with which
nothing fails that may be avoided. At most 12 things that meet in one verdict are tried together.")]
pub(crate) struct OutcomesArguments {
    /// The plan: a `.remit` file, or a folder that holds one plan [default: this folder]
    pub(crate) path: Option<PathBuf>,

    /// Read it as things stand on this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: OutcomesFormat,
}

/// How `outcomes` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutcomesFormat {
    /// Text to read
    Human,
    /// Full sentences, for screen readers
    Plain,
    /// For programs
    Json,
    /// A table for a paper
    Markdown,
}

/// `remit why`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit why plan.remit:31                            what is found on that line
  remit why 6f3c1a plans                             a finding by the first letters of its id
  remit why wellbeing-guardian                       the one finding of a rule
  remit why \"wellbeing-guardian RTD\" plans/QHM      what a rule says of something, also where it holds
  remit why \"vacancy-rate-follows registered-nursing 2021/22\"

The rule's words are drawn with what each part came to, and where every figure stands in the plan. What
would pass is exact where the rule is linear in a figure: each change is of one thing alone, and the rule
was asked whether it passes.")]
pub(crate) struct WhyArguments {
    /// A finding's id or its first letters, RULE, \"RULE SUBJECT\", or FILE:LINE
    pub(crate) finding: String,

    /// The plans: a `.remit` file, or a folder [default: this folder]
    pub(crate) path: Option<PathBuf>,

    /// Read them as things stand on this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: WhyFormat,
}

/// How `why` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhyFormat {
    /// Text to read, with what each part came to beneath its words
    Human,
    /// Full sentences, for screen readers
    Plain,
    /// For programs
    Json,
    /// The drawing, for a paper
    Markdown,
}

/// `remit lsp`.
#[derive(Debug, Args)]
pub(crate) struct LspArguments {
    /// Write what the server does to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,

    /// Speak on the standard input and output, as the server does anyway: some editors always say so
    #[arg(long, hide = true)]
    pub(crate) stdio: bool,
}

/// `remit fmt`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit fmt                  lay out every plan in this folder and below
  remit fmt --check          change nothing; end with 1 and name the files that would change
  remit fmt --diff plan.remit
  remit fmt - < plan.remit   read the standard input, write the standard output")]
pub(crate) struct FmtArguments {
    /// `.remit` files, or folders; `-` is the standard input [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Change nothing: name the files that would change, and end with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// Change nothing: show what would change
    #[arg(long)]
    pub(crate) diff: bool,
}

/// `remit pack docs`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit pack docs --output site                 all rules in force here
  remit pack docs north-east --output site      the rules of one pack

Open `site/index.html`: no server is needed, and nothing is loaded from elsewhere.")]
pub(crate) struct PackDocsArguments {
    /// The pack's folder, or the name of one that comes with remit [default: all packs in force here]
    pub(crate) pack: Option<PathBuf>,

    /// The folder for the site: new, empty, or made by this command before
    #[arg(long, short, value_name = "FOLDER")]
    pub(crate) output: PathBuf,
}

/// `remit pack publish`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit pack publish north-east --key ours.key --to oci://registry.example.org/packs
  remit pack publish north-east --key ours.key --to https://packs.example.org
  remit pack publish north-east --unsigned --to dist      to sign it elsewhere, with `minisign`
  remit pack publish dist/north-east-1.0.0.remitpack --to oci://registry.example.org/packs

The same pack gives the same archive, byte for byte, on any machine. A version that is published
is never published again with other bytes.

`REMIT_REGISTRY_AUTH=server=name:password` says who you are, `REMIT_KEY_PASSWORD` opens the key
where nobody can be asked, `REMIT_TIMEOUT` sets how many seconds a server may take.")]
pub(crate) struct PublishArguments {
    /// The pack's folder, or an archive that was made before
    pub(crate) pack: PathBuf,

    /// Where to: a folder, `https://server/path` or `oci://registry/path`; `oci+http://` is without encryption
    #[arg(long, value_name = "WHERE")]
    pub(crate) to: String,

    /// The secret key's file
    #[arg(long, value_name = "FILE", conflicts_with = "unsigned")]
    pub(crate) key: Option<PathBuf>,

    /// Do not sign: into a folder only, for whoever signs elsewhere
    #[arg(long)]
    pub(crate) unsigned: bool,
}

/// `remit pack pull`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit pack pull        the packs that `remit.yaml` here, or above, names with `name`, `version` and `from`

Each has to be signed by a key that `remit.yaml` trusts today, for a name that the key may publish,
and is held to the digest in `remit.lock`. All of them are put in force, or none. From then on
`remit check` needs no network: copies are kept in `.remit/packs`, or where `REMIT_CACHE` says.

The command ends with
  0  the packs are in force
  2  a server cannot be reached, or breaks off
  3  a pack is not to be believed, or invalid; what was in force still is")]
pub(crate) struct PullArguments {
    /// The folder of the plan [default: this folder]
    pub(crate) path: Option<PathBuf>,
}

/// `remit pack verify`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit pack verify                                   the packs in force, without a network
  remit pack verify north-east-1.0.0.remitpack        an archive, by the keys of `remit.yaml`
  remit pack verify north-east-1.0.0.remitpack --key ours.key.pub")]
pub(crate) struct VerifyArguments {
    /// Archives, each with its signature beside it [default: the packs in force]
    #[arg(value_name = "ARCHIVE")]
    pub(crate) archives: Vec<PathBuf>,

    /// The public key, or its file, in place of the keys of `remit.yaml`
    #[arg(long, value_name = "KEY", requires = "archives")]
    pub(crate) key: Option<String>,
}

/// `remit pack key`.
#[derive(Debug, Args)]
pub(crate) struct KeyArguments {
    /// What to do
    #[command(subcommand)]
    pub(crate) verb: KeyVerb,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyVerb {
    /// Make a key pair: FILE is the secret key, FILE.pub the public one
    New {
        /// The file for the secret key
        file: PathBuf,
        /// Without a password, for a machine that keeps it safe in another way
        #[arg(long)]
        no_password: bool,
    },
    /// Show what others write into `remit.yaml` to trust a public key
    Show {
        /// The public key, or its file
        key: String,
    },
}

/// `remit schema`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit schema                            list what there is a schema of
  remit schema rule > rule.schema.json    a rule, for any editor that knows YAML")]
pub(crate) struct SchemaArguments {
    /// What to print the schema of, such as `rule` [default: list all]
    pub(crate) name: Option<String>,
}

/// `remit pack`.
#[derive(Debug, Subcommand)]
pub(crate) enum PackVerb {
    /// Look for faults in the rules themselves, each with a plan that shows it
    Check(PackCheckArguments),
    /// Check the examples on each rule's page, and what they show of each part of the rule
    Test(PackTestArguments),
    /// Say how two versions of a pack differ, each change with a plan that tells the two apart
    Diff(PackDiffArguments),
    /// Say which plans would newly fail or pass, before a change is published
    Impact(PackImpactArguments),
    /// Write a site of the rules, with their examples as they are judged, that works from a file
    Docs(PackDocsArguments),
    /// Check a pack, make its archive, sign it and bring it to a folder, a server or a registry
    Publish(PublishArguments),
    /// Fetch the published packs that `remit.yaml` names, and put them in force together
    Pull(PullArguments),
    /// Say whether the packs in force, or an archive, are to be believed
    Verify(VerifyArguments),
    /// Make and show the keys by which packs are signed
    Key(KeyArguments),
}

/// `remit pack check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit pack check north-east                       the rules of one pack, beside those it builds on
  remit pack check                                  all rules in force here
  remit pack check north-east --fail-on warning     end with 1 where there is a fault

The faults are: rules that nothing can match, hold or fail; two that contradict, shadow or repeat each
other; a part of a condition that changes nothing; a function both reserved and gated. What is said is
true of every plan whose figures are single values; what could not be decided is told at the end.")]
pub(crate) struct PackCheckArguments {
    /// The pack's folder, or the name of one that comes with remit [default: this folder]
    pub(crate) pack: Option<PathBuf>,

    /// The least level at which a fault makes the command fail; faults are warnings [default: error]
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub(crate) fail_on: Option<Level>,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: Tell,
}

/// `remit pack test`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit pack test north-east                          each rule's page is its test
  remit pack test north-east --watch                  again whenever a file of the pack changes
  remit pack test north-east --format junit > tests.xml

Each plan on a rule's page is checked: what is found has to be what the page says, at the same words.
A rule has to be shown to fail and to hold; with --strict, every part of its `where` and `expect` too.
A plan on a page without a `plan` statement is read within one for QHM, as of 2019-10-01.")]
pub(crate) struct PackTestArguments {
    /// The pack's folder, or the name of one that comes with remit [default: this folder]
    pub(crate) pack: Option<PathBuf>,

    /// End with 1 also where a part of a rule is not shown both to hold and not to
    #[arg(long)]
    pub(crate) strict: bool,

    /// Go on, and test again whenever a file of the pack changes
    #[arg(long)]
    pub(crate) watch: bool,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: TestTell,
}

/// How tests are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestTell {
    /// Text to read
    Human,
    /// For programs
    Json,
    /// JUnit's XML, for build servers
    Junit,
}

/// `remit pack diff`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit pack diff published/north-east north-east")]
pub(crate) struct PackDiffArguments {
    /// The older pack: a folder, or the name of one that comes with remit
    pub(crate) old: PathBuf,

    /// The newer one
    pub(crate) new: PathBuf,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: Tell,
}

/// `remit pack impact`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit pack impact published/north-east north-east plans
  remit pack impact nhs-people-framework@2019 nhs-people-framework@2025 plans

With `@` and an edition, every plan is read as if it were written to that edition.")]
pub(crate) struct PackImpactArguments {
    /// The rules as they are: a pack's folder, the name of one that comes with remit, or NAME@EDITION
    pub(crate) old: String,

    /// The rules as they would be
    pub(crate) new: String,

    /// Plans: `.remit` files, or folders that hold them
    #[arg(value_name = "PLAN", required = true)]
    pub(crate) plans: Vec<PathBuf>,

    /// Check as things stand on this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: Tell,
}

/// How something is told that is no finding about a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tell {
    /// Text to read, with the words underlined
    Human,
    /// Full sentences, for screen readers
    Plain,
    /// For programs
    Json,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Only what has to be put right
    Error,
    /// Also what is to be looked at
    Warning,
    /// Everything that failed
    Note,
}

impl Level {
    /// The least severity that counts.
    pub(crate) fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}

/// How `explain` tells a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// Text to read
    Human,
    /// For programs
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_words_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }
}
