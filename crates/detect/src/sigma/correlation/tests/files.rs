//! Mistakes in correlations, with their places.

use super::{RULES, correlation, loaded, told};

/// What is told of a correlation that stands in the second file.
fn wrong(text: &str) -> Vec<String> {
    told(&loaded(&[RULES, text]))
}

#[test]
fn a_mistake_is_told_where_it_stands() {
    let good = "title: t\nid: c\ncorrelation:\n  type: event_count\n  rules:\n    - failed\n    - login\n  group-by: [user]\n  timespan: 10m\n  condition:\n    gte: 3\n";
    assert_eq!(wrong(good), Vec::<String>::new());
    for (from, to, expected) in [
        (
            "timespan: 10m",
            "timespan: ten",
            "9:13: `ten` is no timespan: a number and one of `s`, `m`, `h`, `d`, as `10m`",
        ),
        ("timespan: 10m", "timespan: 99999999999999999999y", "9:13: `99999999999999999999y` is no timespan"),
        ("  timespan: 10m\n", "", "4:3: a correlation needs a `timespan`, as `10m`"),
        ("event_count", "event_counts", "4:9: there is no type of correlations `event_counts`"),
        (
            "event_count",
            "value_count",
            "11:5: a correlation of type `value_count` needs a `field` in its condition",
        ),
        ("gte: 3", "gte: 3\n    than: 4", "12:5: a condition has no key `than`"),
        ("gte: 3", "gte: many", "11:10: `gte` needs a number"),
        ("gte: 3", "gte: inf", "11:10: `gte` needs a number"),
        (
            "condition:\n    gte: 3",
            "condition: failed and login",
            "10:14: the `condition` is bounds, as `gte: 10`",
        ),
        (
            "  condition:\n    gte: 3\n",
            "",
            "4:3: a correlation that counts needs a `condition`, as `gte: 10`",
        ),
        (
            "group-by:",
            "groupby:",
            "8:3: a correlation has no key `groupby`\n  help: did you mean `group-by`?",
        ),
        ("title: t", "name: t", "1:1: a correlation needs a `title`"),
        (
            "- login",
            "- logni",
            "7:7: no rule or correlation has the id or name `logni`\n  help: did you mean `login`?",
        ),
        ("- login", "- { a: b }", "6:5: `rules` lists ids or names of rules"),
        ("- login", "- c", "6:7: correlations refer to each other in a circle: `c` to `c` and on"),
        (
            "gte: 3",
            "gte: 3\n  window: tumbling",
            "12:11: only windows that go back from each event (`sliding`) are supported",
        ),
        ("gte: 3", "gte: 3\n  generate: maybe", "12:13: `generate` is `true` or `false`"),
    ] {
        let told = wrong(&good.replace(from, to));
        let expected = format!("1.yml:{}", expected.replacen(": ", ": error[sigma/correlation]: ", 1));
        assert!(told.len() == 1 && told[0].starts_with(&expected), "{told:?} instead of {expected}");
    }
}

#[test]
fn conditions_and_rules_must_name_the_same() {
    let of =
        |rest: &str| wrong(&format!("title: t\ncorrelation:\n  type: temporal\n  timespan: 10m\n{rest}\n"));
    assert_eq!(of("  condition: failed and not login"), Vec::<String>::new());
    assert_eq!(of("  rules: [failed, login]\n  condition: failed and login"), Vec::<String>::new());
    assert!(of("  rules: [failed, login]\n  condition: failed")[0].starts_with("1.yml:5:19: "));
    assert!(
        of("  rules: [failed]\n  condition: failed and login")[0]
            .contains("`login`, which is not among the `rules`")
    );
    assert!(of("  condition: failed and\n")[0].contains("the condition is names of rules"));
    assert!(of("  condition: 1 of fail*")[0].contains("names rules one by one"));
    assert!(of("")[0].contains("a correlation needs `rules`"));
}

#[test]
fn a_circle_and_what_stands_on_a_mistake_are_told_and_the_rest_is_loaded() {
    let counts = |id: &str, of: &str| {
        format!(
            "title: {id}\nid: {id}\ncorrelation: {{ type: event_count, rules: [{of}], timespan: 1m, condition: {{ gte: 2 }} }}\n"
        )
    };
    let all = [("a", "b"), ("b", "a"), ("c", "nowhere"), ("d", "c"), ("e", "failed"), ("f", "e")];
    let files: Vec<String> = all.iter().map(|(id, of)| counts(id, of)).collect();
    let mut files: Vec<&str> = files.iter().map(String::as_str).collect();
    files.push(RULES);
    let loaded = loaded(&files);
    let told: Vec<_> =
        told(&loaded).into_iter().map(|it| it.lines().next().unwrap_or_default().to_owned()).collect();
    assert_eq!(
        told,
        [
            "2.yml:3:43: error[sigma/correlation]: no rule or correlation has the id or name `nowhere`",
            "3.yml:1:1: error[sigma/correlation]: the correlation `c`, to which this one refers, has a mistake",
            "0.yml:3:43: error[sigma/correlation]: correlations refer to each other in a circle: `a` to `b` and on",
            "1.yml:3:43: error[sigma/correlation]: correlations refer to each other in a circle: `b` to `a` and on",
        ]
    );
    assert_eq!(loaded.correlations.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["e", "f"]);
    assert_eq!(loaded.correlations.iter().map(|it| it.shown).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_name_that_means_two_rules_is_refused() {
    let again = RULES.replace("22222222", "33333333");
    let text = correlation("{ type: event_count, rules: [failed], timespan: 1m, condition: { gte: 2 } }");
    let told = told(&loaded(&[RULES, &again, &text]));
    assert_eq!(
        told,
        ["2.yml:4:43: error[sigma/correlation]: more than one rule is called `failed`\n  help: write its id"]
    );
}
