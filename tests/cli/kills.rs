//! `kill -9` of the real binary, whenever it comes, loses nothing: the next `up` converges, the
//! account is what the state says, and nothing is there twice or left over.

use std::time::{Duration, Instant};

use crate::environment::Environment;

/// Runs a command until it kills itself at a moment. Whether it did; it ended well otherwise.
fn dies_at(environment: &mut Environment, moment: &str, command: &str) -> bool {
    environment.set("CAMPUS_DIES_AT", moment);
    let ran = environment.run(command);
    environment.unset("CAMPUS_DIES_AT");
    assert!(matches!(ran.code, None | Some(0)), "{moment}: {ran}");
    ran.code.is_none()
}

/// The next `up` mends everything, and the one after that has nothing to do.
#[track_caller]
fn converges(environment: &Environment, what: &str) {
    let ran = environment.run("up --delete-data");
    assert_eq!(ran.code, Some(0), "{what}: {ran}");
    environment.assert_in_step(what);
    let again = environment.run("preview --exit-code");
    assert_eq!(again.code, Some(0), "{what}, and again: {again}");
}

#[test]
fn a_deployment_killed_at_each_write_of_the_journal_is_finished_by_the_next() {
    for number in 1.. {
        let mut environment = Environment::new("zones");
        let died = dies_at(&mut environment, &format!("journal:{number}"), "up");
        converges(&environment, &format!("journal:{number}"));
        if !died {
            // Entries of steps that run side by side are written together.
            assert!(number > 15, "only {number} moments");
            break;
        }
    }
}

/// One step at a time, so that every entry is a write of its own: just before each arrives.
#[test]
fn a_deployment_killed_at_each_entry_of_the_journal_is_finished_by_the_next() {
    for number in (2..).step_by(2) {
        let mut environment = Environment::new("zones");
        let moment = format!("journal:{number}");
        let died = dies_at(&mut environment, &moment, "--parallel 1 up");
        converges(&environment, &moment);
        if !died {
            assert!(number > 100, "only {number} moments");
            break;
        }
    }
}

#[test]
fn a_change_of_everything_killed_at_each_write_of_the_journal_is_finished_by_the_next() {
    for number in 1.. {
        let mut environment = Environment::new("zones");
        environment.ok("up");
        environment.shape("network");
        let died = dies_at(&mut environment, &format!("journal:{number}"), "up");
        // Every other time the program was changed back before anybody tried again.
        environment.shape(if number % 2 == 0 { "zones" } else { "network" });
        converges(&environment, &format!("journal:{number}"));
        if !died {
            assert!(number > 15, "only {number} moments");
            break;
        }
    }
}

#[test]
fn whatever_is_killed_at_whatever_time_is_mended() {
    const SEED: u64 = 20_250_131;
    let mut chance = Chance(SEED);
    let mut environment = Environment::new("zones");
    let mut longest = {
        let began = now();
        environment.ok("up");
        began.elapsed()
    };
    let (mut killed, mut round) = (0, 0);
    while killed < 50 {
        round += 1;
        assert!(round < 1_000, "only {killed} of {round} were killed before they had ended");
        let command = ["up", "up --replace */public", "destroy", "up --refresh"][chance.below(4)];
        let shape = ["zones", "network", "empty"][chance.below(3)];
        let after = longest.mul_f64(chance.below(1000) as f64 / 1000.0);
        let what = format!("seed {SEED}, round {round}: {shape} {command} after {after:?}");
        environment.shape(shape);
        let mut child = environment.command(command).spawn().unwrap();
        std::thread::sleep(after);
        child.kill().unwrap();
        let ended = child.wait_with_output().unwrap();
        // How fast the machine is differs from moment to moment: the time follows it.
        let in_time = ended.status.code().is_none();
        killed += u32::from(in_time);
        longest = longest.mul_f64(if in_time { 1.05 } else { 0.9 });
        // The one that mends need not be the program that was killed.
        environment.shape(["zones", "network", "zones"][chance.below(3)]);
        converges(&environment, &what);
    }
    environment.ok("destroy");
    environment.assert_in_step("destroyed");
}

#[expect(clippy::disallowed_methods, reason = "a test of the real process goes by real time")]
fn now() -> Instant {
    Instant::now()
}

/// A small generator of numbers (xorshift), so that a failure can be had again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

#[test]
fn a_run_that_is_asked_to_end_ends_cleanly() {
    for signal in ["INT", "TERM"] {
        let mut environment = Environment::new("zones");
        environment.set("CAMPUS_DIES_AT", format!("call:9:{signal}"));
        let ran = environment.run("up");
        environment.unset("CAMPUS_DIES_AT");
        assert_eq!(ran.code, Some(130), "{signal}: {ran}");
        assert!(ran.stderr.contains("stopping: what is under way ends"), "{signal}: {ran}");
        assert!(ran.stderr.contains("Interrupted:"), "{signal}: {ran}");
        // The end was clean: everything is in the checkpoint, and nobody holds the lease.
        assert_eq!(std::fs::read(environment.stack_file("journal")).unwrap(), b"", "{signal}");
        converges(&environment, signal);
    }
}

#[test]
fn a_run_that_is_asked_twice_ends_at_once() {
    let environment = {
        let mut environment = Environment::new("zones");
        environment.set("CAMPUS_DIES_AT", "call:9:INT");
        environment
    };
    let child = environment.command("up").spawn().unwrap();
    let process = rustix::process::Pid::from_child(&child);
    // Until the first signal, which the process sends itself, has been taken notice of.
    while std::fs::read_to_string(environment.stack_file("journal")).unwrap_or_default().is_empty()
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(100));
    let _ = rustix::process::kill_process(process, rustix::process::Signal::INT);
    let ended = environment.ran(&child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(130), "{ended}");
    let mut environment = environment;
    environment.unset("CAMPUS_DIES_AT");
    converges(&environment, "twice");
}
