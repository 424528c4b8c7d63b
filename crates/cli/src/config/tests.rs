//! The configuration as it is written, and its mistakes.

use super::*;

fn mistakes(text: &str) -> Vec<String> {
    Config::parse("yagura.toml", text).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn every_unknown_key_is_told_with_its_line() {
    assert_eq!(
        mistakes("regions = []\nregoins = []\n\nfoo = 1\n"),
        [
            "yagura.toml:4:1: error[config/unknown-key]: unknown key `foo`",
            "yagura.toml:2:1: error[config/unknown-key]: unknown key `regoins`\n  help: did you mean `regions`?",
        ]
    );
}

#[test]
fn a_wrong_word_is_told_with_its_line_and_what_is_allowed() {
    let told = mistakes("fail_on = \"urgent\"\n");
    assert!(
        told[0].starts_with("yagura.toml:1:11: error[config/syntax]: `urgent` is not one of"),
        "{told:?}"
    );
}

#[test]
fn what_is_said_about_rules_keeps_its_places() {
    let text = "[rules.restricted-ssh.params]\nallowed_cidrs = [\"203.0.113.0/24\"]\n\n[[exceptions]]\nbecause = \"x\"\n";
    let settings = Config::parse("yagura.toml", text).unwrap().settings();
    assert_eq!(settings.rules.len(), 1);
    let line = |path: &str| settings.source.places.get(path).map(|place| place.line);
    assert_eq!(line("rules.restricted-ssh.params.allowed_cidrs"), Some(2));
    assert_eq!(line("exceptions.0.because"), Some(5));
}

#[test]
fn what_is_wrong_with_destinations_is_told_with_its_line() {
    let text = "[destinations.chat]\ntype = \"slack-webhook\"\nurl = \"https://hooks.example.com/x\"\n\n[[projects]]\nname = \"shop\"\ndestinations = [\"chat\", \"mial\"]\n";
    assert_eq!(
        mistakes(text),
        [
            "yagura.toml:3:1: error[config/destination]: a secret may not be written here: `url`\n  help: put it into an environment variable or a file, and name that in `url_env` or `url_file`",
            "yagura.toml:7:25: error[config/destination]: there is no destination `mial`\n  help: the file defines `chat`",
        ]
    );
    let owner = mistakes("[[projects]]\nname = \"shop\"\nowners = [\"sato\"]\n");
    assert_eq!(
        owner,
        [
            "yagura.toml:3:10: error[config/syntax]: `sato` is neither a mail address nor a Slack id (`slack:U0123ABCD`)"
        ]
    );
}

#[test]
fn the_command_line_wins_over_the_file() {
    let config = Config::parse("yagura.toml", "regions = [\"us-east-1\"]\nrole_name = \"R\"\n").unwrap();
    let mut target = TargetArguments { regions: vec!["eu-west-1".into()], ..Default::default() };
    config.complete_target(&mut target);
    assert_eq!((target.regions, target.role_name), (vec!["eu-west-1".to_owned()], Some("R".to_owned())));
}

#[test]
fn what_the_server_does_by_itself_is_checked_when_the_file_is_read() {
    let told = mistakes("[serve.scan]\nschedule = \"0 25 * * *\"\n");
    assert_eq!(told, ["yagura.toml:2:12: error[config/syntax]: `25` is no hour: 0 to 23"]);
    let told = mistakes("[serve]\ntime_zone = \"Tokyo\"\n");
    assert!(
        told[0].starts_with("yagura.toml:2:13: error[config/syntax]: `Tokyo` is no time zone"),
        "{told:?}"
    );
    let told = mistakes("[serve.import]\nschedule = \"0 * * * *\"\nfrom = [\"guard-duty\"]\n");
    assert!(told[0].starts_with("yagura.toml:3:8: error[config/syntax]: `guard-duty` is not"), "{told:?}");
    let told = mistakes(
        "[serve.import]\nschedule = \"0 * * * *\"\n\n[serve.detect]\nsources = [\"logs\", \"-\", \"listen://x\", \"logs\", \"s3://\"]\n",
    );
    assert_eq!(told.len(), 5, "{told:?}");
    let nothing = "yagura.toml:1:8: error[config/serve]: nothing is imported: `from` names detectors of AWS, `paths` files";
    assert_eq!(told[0], nothing);
    assert_eq!(told[1], "yagura.toml:5:20: error[config/serve]: a server has no standard input to follow");
    assert!(told[3].ends_with("`logs` stands here twice"), "{told:?}");
    let config = Config::parse("yagura.toml", "[serve.scan]\nschedule = \"*/5 * * * *\"\n").unwrap();
    assert!(config.serve().scan.schedule.is_some() && config.serve().detect.sources.is_empty());
}
