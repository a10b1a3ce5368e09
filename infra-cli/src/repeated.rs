//! Options that may be repeated, on both sides of a command's name: all of their values count.
//!
//! Of an option that clap calls global only the values that stand deepest are kept, and those before
//! the command are dropped without a word.

use clap::{ArgMatches, Command};

use crate::args::Global;

/// Those of [`Global`] that are lists.
const REPEATED: [&str; 2] = ["config", "endpoint_url"];

/// The command line that takes them everywhere.
pub(crate) fn everywhere(command: Command) -> Command {
    REPEATED.into_iter().fold(command, |command, id| {
        let command = command.mut_arg(id, |arg| arg.global(false));
        let arg = command.get_arguments().find(|arg| arg.get_id() == id).cloned();
        below(command, &arg.expect("the option is one of all commands"))
    })
}

fn below(command: Command, arg: &clap::Arg) -> Command {
    command.mut_subcommands(|command| below(command.arg(arg.clone()), arg))
}

/// All values that were given, in their order.
pub(crate) fn gather(global: &mut Global, matches: &ArgMatches) {
    let [config, endpoint_url] = REPEATED.map(|id| given(matches, id));
    (global.config, global.endpoint_url) = (config, endpoint_url);
}

fn given(matches: &ArgMatches, id: &str) -> Vec<String> {
    let own = matches.get_many::<String>(id).into_iter().flatten().cloned();
    let deeper = matches.subcommand().map(|(_, matches)| given(matches, id));
    own.chain(deeper.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;
    use crate::args::Cli;

    fn config(words: &str) -> Vec<String> {
        let words = words.split(' ');
        let matches = everywhere(Cli::command()).try_get_matches_from(words).unwrap();
        let mut cli = Cli::from_arg_matches(&matches).unwrap();
        gather(&mut cli.global, &matches);
        cli.global.config
    }

    #[test]
    fn values_on_both_sides_of_a_command_count() {
        assert_eq!(config("program --config a=1 up -c b=2 --yes -c c=3"), ["a=1", "b=2", "c=3"]);
        assert_eq!(config("program -c a=1 drill -c b=2 run task -c c=3"), ["a=1", "b=2", "c=3"]);
        assert_eq!(config("program up"), [""; 0]);
    }

    #[test]
    fn the_command_line_is_a_sound_one() {
        everywhere(Cli::command()).debug_assert();
    }
}
