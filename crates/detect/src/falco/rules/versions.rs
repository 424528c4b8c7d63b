//! Which engine and plugins files ask for.

use std::collections::BTreeSet;

use super::decode::text;
use super::{Code, Problem};
use crate::yaml::{Kind, Node};

/// Newest engine whose rules this loader was written against.
const ENGINE: [u32; 3] = [0, 65, 0];

/// `required_engine_version: 10`, `0.57.0`: a number alone is the middle one.
pub(super) fn required_engine(item: &Node) -> Result<(), Problem> {
    let written = &text(item, "required_engine_version")?.text;
    let at = item.get("required_engine_version").map_or(item.at, |it| it.at);
    let version = match written.parse::<u32>() {
        Ok(number) => Some([0, number, 0]),
        Err(_) => version(written),
    };
    let Some(version) = version else {
        let message = format!("`{written}` is no version: a number, or three with dots such as 0.57.0");
        return Err(Problem::new(at, Code::YamlValidate, message));
    };
    if version > ENGINE {
        let [a, b, c] = ENGINE;
        let message = format!(
            "these rules need version {written} of the engine; rules up to {a}.{b}.{c} are understood"
        );
        return Err(
            Problem::new(at, Code::Validate, message).help("a newer version of yagura may understand them")
        );
    }
    Ok(())
}

/// `x.y.z`, with or without what follows `-` or `+`.
fn version(written: &str) -> Option<[u32; 3]> {
    let core = written.split(['-', '+']).next()?;
    let mut numbers = core.split('.').map(|it| it.parse::<u32>().ok());
    let version = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(version)
}

/// Plugins and their versions: there are none here, but what is written must be a list of them.
pub(super) fn required_plugins(item: &Node) -> Result<(), Problem> {
    let Some(node) = item.get("required_plugin_versions") else { return Ok(()) };
    let Kind::Sequence(plugins) = &node.kind else {
        let message = format!("`required_plugin_versions` is a list; this is {}", node.describe());
        return Err(Problem::new(node.at, Code::YamlValidate, message));
    };
    for plugin in plugins {
        let alternatives = match plugin.get("alternatives").map(|it| &it.kind) {
            None => &[][..],
            Some(Kind::Sequence(alternatives)) => alternatives,
            Some(_) => {
                let message = "`alternatives` is a list of plugins";
                return Err(Problem::new(plugin.at, Code::YamlValidate, message));
            }
        };
        let mut names = BTreeSet::new();
        for it in std::iter::once(plugin).chain(alternatives) {
            let name = &text(it, "name")?.text;
            let written = &text(it, "version")?.text;
            if version(written).is_none() {
                let message =
                    format!("`{written}` is no version of the plugin `{name}`: three numbers with dots");
                return Err(Problem::new(it.at, Code::Validate, message));
            }
            if !names.insert(name) {
                let message = format!("the plugin `{name}` is named twice");
                return Err(Problem::new(it.at, Code::Validate, message));
            }
        }
    }
    Ok(())
}
