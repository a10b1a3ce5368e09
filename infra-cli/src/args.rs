//! The command line.

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use infra_core::handler::Upgrade;

/// Deploys this program. Without a command: a preview, then `up`.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What applies to every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "For every command")]
pub(crate) struct Global {
    /// Which stack of the project
    #[arg(long, short = 's', global = true, env = "INFRA_STACK")]
    pub(crate) stack: Option<String>,
    /// Where to deploy: sim, containers, aws
    #[arg(long, short = 'b', global = true, env = "INFRA_BACKEND")]
    pub(crate) backend: Option<String>,
    /// A server that speaks AWS's API, as URL or SERVICE=URL; may be repeated
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) endpoint_url: Vec<String>,
    /// A server on this machine that emulates AWS, at its usual port unless --endpoint-url says
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) emulator: Option<Emulator>,
    /// A configuration value, as key=value; may be repeated
    #[arg(long = "config", short = 'c', global = true, value_name = "KEY=VALUE")]
    pub(crate) config: Vec<String>,
    /// The stack's configuration file; default: `infra.<stack>.toml`, looked for upwards
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config_file: Option<PathBuf>,
    /// The folder in which state is kept; default: .infra, looked for upwards
    #[arg(long, global = true, value_name = "FOLDER", env = "INFRA_STATE_DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// Where state is kept instead of a folder: s3://bucket/prefix
    #[arg(long, global = true, value_name = "URL", env = "INFRA_STATE")]
    pub(crate) state: Option<String>,
    /// What seals the key of the stack's secrets instead of a passphrase: awskms://alias/name
    #[arg(long, global = true, value_name = "URL", env = "INFRA_SECRETS_KEY")]
    pub(crate) secrets_key: Option<String>,
    /// How many steps at once
    #[arg(long, short = 'p', global = true, value_name = "N", value_parser = at_least_one)]
    pub(crate) parallel: Option<NonZeroUsize>,
    /// Machine-readable output: JSON lines on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Answer every question with yes; data is lost only with --delete-data
    #[arg(long, short = 'y', global = true)]
    pub(crate) yes: bool,
    /// When to use colours; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

fn at_least_one(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "expected a whole number from 1 up")
}

/// Servers that emulate AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emulator {
    Localstack,
    Moto,
    Ministack,
    #[value(name = "aws-emulator")]
    Aws,
}

impl Emulator {
    /// Where it listens when it was told nothing else.
    pub(crate) fn url(self) -> &'static str {
        match self {
            Self::Localstack | Self::Ministack | Self::Aws => "http://localhost:4566",
            Self::Moto => "http://localhost:5000",
        }
    }
}

/// When to use colours. Without help of their own, the values fit on the option's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    // On a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

/// What to limit a run to, and what it may lose.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Limits {
    /// Only these resources, with what they need; a URN, its end, or a pattern with *
    #[arg(long, short = 't', value_name = "PATTERN")]
    pub(crate) target: Vec<String>,
    /// All but these resources
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<String>,
    /// Replace these resources, whether they differ or not
    #[arg(long, value_name = "PATTERN")]
    pub(crate) replace: Vec<String>,
    /// Read lookups anew: the newest machine image, the availability zones
    #[arg(long)]
    pub(crate) refresh_lookups: bool,
    /// Allow the data of these resources to be lost; all of them if no pattern is given
    #[arg(long, value_name = "PATTERN", num_args = 0..=1, default_missing_value = "*")]
    pub(crate) delete_data: Vec<String>,
}

/// How a plan is shown.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct Show {
    /// Show every property, of new resources too
    #[arg(long, short = 'd')]
    pub(crate) diff: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what `up` would do
    Preview(Preview),
    /// Make the stack what the program says
    Up(Up),
    /// Delete everything that the state knows of the stack
    Destroy(Destroy),
    /// Compare the state with what is really there, and take that over
    Refresh,
    /// Take over what exists already, and print the Rust code for it
    Import(Import),
    /// Show what the stack tells
    Output(Output),
    /// Draw the program: dot, mermaid or a self-contained SVG
    Graph(Graph),
    /// Show what each single failure would take: a task, a zone, the database
    Availability,
    /// Show what the program costs in a month, by component
    Cost,
    /// Print the least that whoever deploys and destroys it must be allowed
    IamPolicy,
    /// Look at the state, or change it by hand
    #[command(subcommand)]
    State(State),
    /// Look at the simulated account, or change it behind the engine's back
    #[command(subcommand)]
    Sim(Sim),
    /// The process that looks after what runs in containers
    #[command(subcommand)]
    Agent(Agent),
    /// Take parts of the site away while people use it, and measure what they see
    #[command(subcommand)]
    Drill(Drill),
    /// Look at the stack's configuration, or change it
    #[command(subcommand)]
    Config(Config),
}

#[derive(Debug, Default, Args)]
pub(crate) struct Preview {
    #[command(flatten)]
    pub(crate) limits: Limits,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Compare with what is really there first
    #[arg(long, short = 'r')]
    pub(crate) refresh: bool,
    /// Write the plan to a file, for `up --plan`
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
    /// Exit with 10 if there are changes
    #[arg(long)]
    pub(crate) exit_code: bool,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) limits: Limits,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Compare with what is really there first, and mend what drifted
    #[arg(long, short = 'r')]
    pub(crate) refresh: bool,
    /// Carry out a plan that `preview --plan` wrote, and nothing else
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Destroy {
    #[command(flatten)]
    pub(crate) limits: Limits,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Import {
    /// What it is (aws:ec2:Vpc, or Vpc), the name that it gets, and its id; may be repeated
    #[arg(value_names = ["TYPE", "NAME", "ID"], num_args = 0..)]
    pub(crate) things: Vec<String>,
    /// The component that it gets into: network, or site/storage
    #[arg(long = "as", value_name = "PATH")]
    pub(crate) component: Option<String>,
    /// A file of things, each a line of JSON: {"type": "Vpc", "name": "main", "id": "vpc-1"}
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Leave it without protection: `up` deletes what the program does not have
    #[arg(long)]
    pub(crate) unprotected: bool,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Output {
    /// Only this one, bare
    pub(crate) name: Option<String>,
    /// Show secrets too
    #[arg(long)]
    pub(crate) show_secrets: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// The format; default: by the ending of --out, else svg, or mermaid of a component
    #[arg(long, short = 'f')]
    pub(crate) format: Option<GraphFormat>,
    /// Only this component, and what it refers to: site/storage; as dot or mermaid
    #[arg(long, value_name = "PATH")]
    pub(crate) component: Option<String>,
    /// The file to write; default: stdout
    #[arg(long, short = 'o', value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// A format for diagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Graphviz
    Dot,
    /// Mermaid
    Mermaid,
    /// A picture that needs nothing else
    Svg,
}

#[derive(Debug, Subcommand)]
pub(crate) enum State {
    /// List the resources
    List {
        /// Only these
        pattern: Option<String>,
    },
    /// Show everything about a resource
    Show {
        /// Which
        pattern: String,
        /// Show secrets too
        #[arg(long)]
        show_secrets: bool,
    },
    /// Take resources out of the state, and leave them alone
    Rm {
        /// Which
        pattern: String,
    },
    /// Give a resource another name
    Mv {
        /// Which
        from: String,
        /// The new URN, or the new name within the same component
        to: String,
    },
    /// Protect resources from deletion and replacement
    Protect {
        /// Which
        pattern: String,
    },
    /// Allow deletion and replacement again
    Unprotect {
        /// Which
        pattern: String,
    },
    /// Say where earlier checkpoints are kept, the newest first
    History,
    /// Write the state to a file or stdout; secrets stay sealed
    Export {
        /// The file
        file: Option<PathBuf>,
    },
    /// Replace the state by one that was exported
    Import {
        /// The file
        file: PathBuf,
    },
    /// Make a lost state anew, from the tags of what is there and the program
    Rebuild(Rebuild),
    /// Take the lock away from a run that died
    Unlock,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Rebuild {
    /// Put it in the place of a state that is there; earlier checkpoints are kept
    #[arg(long)]
    pub(crate) force: bool,
    /// Of several lost states of this stack, the one with this mark (the tag infra:stack)
    #[arg(long, value_name = "MARK")]
    pub(crate) mark: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Sim {
    /// List what is in the account
    Ls {
        /// Only of this type, or in this region
        filter: Option<String>,
    },
    /// Show everything about a thing
    Show {
        /// Its id, ARN, or Type/id
        id: String,
    },
    /// Change a property of a thing
    Set {
        /// Its id, ARN, or Type/id
        id: String,
        /// What to change, as property=value; values as JSON or text
        change: String,
    },
    /// Delete a thing, whatever depends on it
    Rm {
        /// Its id, ARN, or Type/id
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Agent {
    /// Start it, if it does not run
    Start,
    /// End it; what it looks after goes on alone
    Stop,
    /// Show what it looks after, and how that is
    Status,
    /// Show what it says
    Logs {
        /// So many lines from the end
        #[arg(long, short = 'n', default_value = "50")]
        lines: usize,
        /// Go on as it says more
        #[arg(long, short = 'f')]
        follow: bool,
    },
    /// Be the agent
    #[command(hide = true)]
    Run,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Drill {
    /// List the drills: what happens, and what it teaches
    List,
    /// Run one, or all; exit with 12 if something came otherwise than expected
    Run(Box<DrillRun>),
    /// Take back what a drill did that was killed
    Heal,
}

#[derive(Debug, Args)]
pub(crate) struct DrillRun {
    /// Which; `all` for one after the other
    pub(crate) name: String,
    /// How many requests a second
    #[arg(long, value_name = "N", default_value = "20", value_parser = a_rate)]
    pub(crate) rate: f64,
    /// How many people there are
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) users: u32,
    /// The file for the report: .html, .json, else text; of `all`, one for each: FILE-DRILL
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// The output with the password of the first user, which those of the people are derived from
    #[arg(long, value_name = "NAME", default_value = "admin_password")]
    pub(crate) password_output: String,
    /// A file with users of Moodle itself, `name,password` in each line; default: those of the stand-in
    #[arg(long, value_name = "FILE")]
    pub(crate) accounts: Option<PathBuf>,
    /// The address that people type, where the site knows itself by another name than this machine's
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// For `upgrade-fails`: what the shell runs to begin an upgrade, which has to fail
    #[arg(long, value_name = "COMMAND", requires = "way_back")]
    pub(crate) upgrade: Option<String>,
    /// For `upgrade-fails`: what the shell runs to bring back what was before
    #[arg(long, value_name = "COMMAND", requires = "upgrade")]
    pub(crate) way_back: Option<String>,
    /// For `az` and `network-cut`: which availability zone; default: any that serves people
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

impl DrillRun {
    /// The upgrade that is to fail.
    pub(crate) fn upgrade(&self) -> Option<Upgrade> {
        let (begin, back) = (self.upgrade.clone()?, self.way_back.clone()?);
        Some(Upgrade { begin, back })
    }
}

fn a_rate(text: &str) -> Result<f64, &'static str> {
    let rate = text.parse::<f64>().ok().filter(|rate| rate.is_finite() && *rate > 0.0);
    rate.ok_or("expected a number above 0")
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// List the configuration
    List,
    /// Show a value
    Get {
        /// Its key
        key: String,
    },
    /// Set a value
    Set {
        /// Its key
        key: String,
        /// The value; asked for if it is secret and not given
        value: Option<String>,
        /// Seal it
        #[arg(long)]
        secret: bool,
    },
    /// Remove a value
    Rm {
        /// Its key
        key: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emulators_are_named_as_they_name_themselves() {
        let url = |name| Emulator::from_str(name, false).map(Emulator::url);
        assert_eq!(url("localstack"), Ok("http://localhost:4566"));
        assert_eq!(url("moto"), Ok("http://localhost:5000"));
        assert_eq!(url("ministack"), Ok("http://localhost:4566"));
        assert_eq!(url("aws-emulator"), Ok("http://localhost:4566"));
    }
}
