//! A framework file as it is written, before anything is known to be right.

use serde::Deserialize;
use serde_saphyr::Spanned;
use yagura_model::FrameworkAliases;

/// Every key of a framework file. What may be left out is `Option`, so that all that is missing is told at once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameworkFile {
    pub(super) id: Spanned<String>,
    pub(super) name: Spanned<TextFile>,
    pub(super) publisher: Spanned<TextFile>,
    pub(super) version: Spanned<String>,
    pub(super) url: Spanned<String>,
    #[serde(default)]
    pub(super) aliases: FrameworkAliases,
    pub(super) about: Spanned<TextFile>,
    #[serde(default)]
    pub(super) groups: Vec<GroupFile>,
    pub(super) requirements: Spanned<Vec<RequirementFile>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupFile {
    pub(super) id: Spanned<String>,
    #[serde(rename = "in")]
    pub(super) within: Option<Spanned<String>>,
    pub(super) title: Spanned<TextFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequirementFile {
    pub(super) id: Spanned<String>,
    #[serde(rename = "in")]
    pub(super) group: Option<Spanned<String>>,
    pub(super) level: Option<u32>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    pub(super) title: Spanned<TextFile>,
    #[serde(default)]
    pub(super) rules: Vec<Spanned<String>>,
    pub(super) manual: Option<Spanned<TextFile>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextFile {
    pub(super) en: Option<Spanned<String>>,
    pub(super) ja: Option<Spanned<String>>,
}
