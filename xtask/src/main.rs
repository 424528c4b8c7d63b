//! Repository chores, run by hand: `cargo xtask <chore>`.
//!
//! Nothing here is part of the program. What a chore writes is committed, so that building needs neither the chore nor
//! what it reads.

mod aws_api;

use std::process::ExitCode;

use aws_api::Chore;

const USAGE: &str = "usage: cargo xtask aws-api [--check] [--botocore DIR]   write packs/aws-api from botocore's service \
                     descriptions, or check that it is what would be written";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["aws-api"] => aws_api::run(None, Chore::Write),
        ["aws-api", "--check"] => aws_api::run(None, Chore::Check),
        ["aws-api", "--botocore", directory] => aws_api::run(Some(directory), Chore::Write),
        ["aws-api", "--check", "--botocore", directory] => aws_api::run(Some(directory), Chore::Check),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            tell(&problem);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a chore talks to the person who runs it")]
fn tell(line: &str) {
    eprintln!("{line}");
}
