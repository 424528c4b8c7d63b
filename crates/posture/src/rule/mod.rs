//! One rule: what its file says, compiled when it is needed.

mod check;
mod example;
mod file;
mod guarded;
mod tell;

use std::borrow::Cow;
use std::sync::OnceLock;

pub(crate) use example::Example;
use file::{RuleFile, place_within};
use serde_json::{Map, Value as Json};
use serde_saphyr::Spanned;
use yagura_model::{
    Aliases, Diagnostic, Fix, Function, Level, Place, ResourceType, RuleId, RuleInfo, RuleText, Severity,
    Text,
};
use yagura_packs::PackFile;

use crate::condition::{Node, compile};
use crate::guard::Policy;
use crate::problems::place;

/// One rule, as its file says.
///
/// The file's head (who it is, what it judges) is read when the rules are loaded; its texts, its examples and its
/// conditions, each when somebody asks for them: a scan of the whole pack never wants its thousands of examples.
#[derive(Debug)]
pub struct Rule {
    id: RuleId,
    aliases: Aliases,
    resource: ResourceType,
    severity: Severity,
    function: Function,
    on_by_default: bool,
    params: Map<String, Json>,
    conditions: Conditions,
    /// The policy that answers in place of the conditions, of a CloudFormation Guard file.
    guard: Option<Policy>,
    shown: String,
    /// The folder below `rules/`: a service's name.
    folder: String,
    source: Source,
    info: OnceLock<RuleInfo>,
    body: OnceLock<Body>,
    compiled: OnceLock<Result<Compiled, Vec<Diagnostic>>>,
}

/// Where a rule's text is.
#[derive(Debug)]
pub(crate) enum Source {
    /// Read once from a file of the user's, which may change meanwhile.
    Held(String),
    /// Unpacked whenever it is asked for: of hundreds of files, the texts would take more memory than all the rest.
    Packed(PackFile),
}

impl Source {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Held(text) => Cow::Borrowed(text),
            Self::Packed(file) => {
                Cow::Owned(file.bytes().ok().and_then(|it| String::from_utf8(it).ok()).unwrap_or_default())
            }
        }
    }
}

/// The conditions as they are written.
#[derive(Debug)]
struct Conditions {
    when: Option<Written>,
    compliant: Written,
    evidence: Option<Written>,
}

/// A condition's text and where it begins in the file.
#[derive(Debug)]
struct Written {
    text: String,
    start: Place,
}

/// The conditions, ready to be evaluated.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) when: Option<Node>,
    pub(crate) compliant: Node,
    pub(crate) evidence: Option<Node>,
}

impl Compiled {
    /// All of them, with the keys that they stand under.
    pub(crate) fn labelled(&self) -> impl Iterator<Item = (&'static str, &Node)> {
        [
            ("when", self.when.as_ref()),
            ("compliant", Some(&self.compliant)),
            ("evidence", self.evidence.as_ref()),
        ]
        .into_iter()
        .filter_map(|(label, node)| Some((label, node?)))
    }
}

/// What only those want who check the rule: its examples, and what is wrong with its file.
#[derive(Debug)]
struct Body {
    examples: Vec<Example>,
    diagnostics: Vec<Diagnostic>,
}

impl Rule {
    /// Reads the head of a rule file.
    ///
    /// # Errors
    ///
    /// What keeps the rule from being used.
    pub(crate) fn read(path: &str, shown: &str, source: Source) -> Result<Self, Vec<Diagnostic>> {
        let text = source.text();
        let file: RuleFile = yagura_packs::parse_text(shown, &file::without(&text, &file::SECTIONS))
            .map_err(|_| {
                // Told again with the whole file in view.
                let whole = yagura_packs::parse_text::<RuleFile>(shown, &text);
                let told = whole.err().unwrap_or_else(|| check::unreadable(shown));
                vec![check::explained(told)]
            })?;
        check::Head { path, shown, file: &file }.check()?;
        let written = |condition: Spanned<String>| Written {
            text: condition.value,
            start: place(condition.referenced),
        };
        Ok(Self {
            id: RuleId::new(file.id.value),
            aliases: file.aliases,
            resource: file.resource.value,
            severity: file.severity.value.parse().map_err(|_| Vec::new())?,
            function: file.function.value.parse().map_err(|_| Vec::new())?,
            on_by_default: file.enabled.unwrap_or(true),
            params: file.params,
            conditions: Conditions {
                when: file.when.map(written),
                compliant: written(file.compliant),
                evidence: file.evidence.map(written),
            },
            guard: None,
            shown: shown.to_owned(),
            folder: path.split('/').nth_back(1).unwrap_or_default().to_owned(),
            source,
            info: OnceLock::new(),
            body: OnceLock::new(),
            compiled: OnceLock::new(),
        })
    }

    /// Whether a scan that names no rules judges by it. Where not, it waits for `--rules`, `--framework` or the settings:
    /// it repeats another rule with a standard's own parameters, or is a matter of taste.
    #[must_use]
    pub fn is_on_by_default(&self) -> bool {
        self.on_by_default
    }

    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> &RuleId {
        &self.id
    }

    /// Its names elsewhere.
    #[must_use]
    pub fn aliases(&self) -> &Aliases {
        &self.aliases
    }

    /// The type of resource that it judges.
    #[must_use]
    pub fn resource(&self) -> &ResourceType {
        &self.resource
    }

    /// How bad a violation is, before the configuration's overrides.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Where it belongs in the NIST Cybersecurity Framework.
    #[must_use]
    pub fn function(&self) -> Function {
        self.function
    }

    /// Its parameters and their defaults.
    #[must_use]
    pub fn params(&self) -> &Map<String, Json> {
        &self.params
    }

    /// The file that it comes from, as a person can open it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.shown
    }

    /// The service that it is filed under: the folder of its file.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.folder
    }

    /// The whole file.
    #[must_use]
    pub fn source(&self) -> Cow<'_, str> {
        self.source.text()
    }

    /// What people read about it.
    #[must_use]
    pub fn info(&self) -> &RuleInfo {
        self.info.get_or_init(|| check::info(self))
    }

    /// Everything that is wrong or odd with its file.
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut all = self.body().diagnostics.clone();
        all.extend(self.compiled().err().into_iter().flatten().cloned());
        all.sort();
        all
    }

    pub(crate) fn examples(&self) -> &[Example] {
        &self.body().examples
    }

    fn body(&self) -> &Body {
        self.body.get_or_init(|| {
            check::body(self).unwrap_or_else(|diagnostic| Body {
                examples: Vec::new(),
                diagnostics: vec![check::explained(diagnostic)],
            })
        })
    }

    /// What people read; without a title, the id stands for it.
    fn info_of(&self, mut text: Text<RuleText>, mut fix: Fix, references: Vec<String>) -> RuleInfo {
        for japanese in [&mut text.ja.title, &mut text.ja.why, &mut text.ja.impact_of_fix]
            .into_iter()
            .chain(&mut fix.steps.ja)
        {
            *japanese = yagura_packs::unfold(japanese);
        }
        for text in [&mut text.en, &mut text.ja] {
            if text.title.is_empty() {
                text.title = self.id.to_string();
            }
        }
        RuleInfo {
            id: self.id.clone(),
            aliases: self.aliases.clone(),
            resource: self.resource.clone(),
            severity: self.severity,
            function: self.function,
            text,
            fix,
            references,
        }
    }

    /// The policy that answers in place of the conditions.
    pub(crate) fn guard(&self) -> Option<&Policy> {
        self.guard.as_ref()
    }

    /// Its conditions, compiled once. A rule with a [policy](Self::guard) has none.
    pub(crate) fn compiled(&self) -> Result<&Compiled, &[Diagnostic]> {
        self.compiled.get_or_init(|| self.compile()).as_ref().map_err(Vec::as_slice)
    }

    fn compile(&self) -> Result<Compiled, Vec<Diagnostic>> {
        if self.guard.is_some() {
            return Err(Vec::new());
        }
        let mut mistakes = Vec::new();
        let mut compiled = |written: &Written| {
            compile(&written.text, &self.params)
                .map_err(|found| mistakes.extend(found.into_iter().map(|it| self.told(written, it))))
                .ok()
        };
        let when = self.conditions.when.as_ref().map(&mut compiled);
        let compliant = compiled(&self.conditions.compliant);
        let evidence = self.conditions.evidence.as_ref().map(&mut compiled);
        match compliant {
            Some(compliant) if mistakes.is_empty() => {
                Ok(Compiled { when: when.flatten(), compliant, evidence: evidence.flatten() })
            }
            _ => Err(mistakes),
        }
    }

    fn told(&self, written: &Written, mistake: crate::condition::Mistake) -> Diagnostic {
        Diagnostic {
            file: self.shown.clone(),
            place: Some(place_within(&self.source(), written.start, &written.text, mistake.offset)),
            level: Level::Error,
            code: mistake.code,
            message: mistake.message,
            help: mistake.help,
        }
    }

    /// Whether a pattern means this rule: an id, a glob over ids, or an alias such as `prowler:ID`.
    #[must_use]
    pub fn answers_to(&self, pattern: &str) -> bool {
        yagura_model::glob::matches(pattern, self.id.as_str())
            || (pattern.contains(':')
                && self.aliases.qualified().any(|alias| yagura_model::glob::matches(pattern, &alias)))
    }
}
