//! `json`: one document. `Yagura` (version), `Scan`, `Accounts` (the answers in each, with what is not known), `Result` (the framework
//! and the answers of all accounts together).

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use yagura_model::{AccountAssessment, AccountState, Assessment};

use super::{Fared, FrameworkHead, Writer};

type Out<'a> = BufWriter<Box<dyn io::Write + Send + 'a>>;

pub(super) struct Json<'a> {
    fared: Fared<'a>,
    out: Out<'a>,
    empty: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    account_name: &'a str,
    state: Option<&'a AccountState>,
    #[serde(flatten)]
    assessment: &'a AccountAssessment,
}

impl<'a> Json<'a> {
    pub(super) fn begin(head: &'a FrameworkHead<'a>, mut out: Out<'a>) -> io::Result<Self> {
        out.write_all(b"{\"Yagura\":")?;
        serde_json::to_writer(&mut out, head.version)?;
        out.write_all(b",\n\"Scan\":")?;
        serde_json::to_writer(&mut out, head.scan)?;
        out.write_all(b",\n\"Accounts\":[")?;
        Ok(Self { fared: Fared::of(head), out, empty: true })
    }
}

impl Writer for Json<'_> {
    fn account(&mut self, assessment: &AccountAssessment) -> io::Result<()> {
        self.out.write_all(if self.empty { b"\n" } else { b",\n" })?;
        self.empty = false;
        let state = self.fared.0.get(assessment.account.as_str()).map(|it| &it.state);
        let line = Line { account_name: self.fared.name(&assessment.account), state, assessment };
        serde_json::to_writer(&mut self.out, &line)?;
        Ok(())
    }

    fn end(&mut self, assessment: &Assessment) -> io::Result<()> {
        self.out.write_all(b"\n],\n\"Result\":")?;
        serde_json::to_writer(&mut self.out, assessment)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}
