//! Projects as a table: a CSV file that says which account belongs to which project, as spreadsheets write it.
//!
//! Columns are found by their titles, whatever else the table holds. What is wrong with a row is told with its line, and the other rows
//! count.

use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};
use yagura_model::{AccountId, Diagnostic, Level, Place};

use crate::project_row::{Columns, differences};
use crate::settings::Project;

/// Titles of the column with the project, in small letters and without anything between the words.
const PROJECT: [&str; 6] = ["project", "projectname", "プロジェクト", "プロジェクト名", "案件", "案件名"];
/// Titles of the column with the accounts.
const ACCOUNT: [&str; 12] = [
    "account",
    "accounts",
    "accountid",
    "accountids",
    "awsaccount",
    "awsaccounts",
    "awsaccountid",
    "awsaccountids",
    "アカウント",
    "アカウントid",
    "awsアカウント",
    "awsアカウントid",
];

/// What a table says.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct ProjectTable {
    /// The projects, in the order of their first rows, with their accounts.
    pub projects: Vec<Project>,
    /// What is wrong. With an error the table cannot be used at all.
    pub told: Vec<Diagnostic>,
}

impl ProjectTable {
    /// Reads a table; `file` is how a person can open it.
    #[must_use]
    pub fn read(file: &str, bytes: &[u8]) -> Self {
        Self::read_knowing(file, bytes, None)
    }

    /// Reads a table, and tells destinations that are not among those that there are.
    #[must_use]
    pub fn read_knowing(file: &str, bytes: &[u8], destinations: Option<&BTreeSet<String>>) -> Self {
        let (table, of_account) = (Self::default(), BTreeMap::new());
        let mut reading = Reading { file, destinations, table, of_account };
        match decoded(bytes) {
            Some(text) => reading.text(&text),
            None => reading.tell(
                None,
                Level::Error,
                "projects/encoding",
                "the file is neither in UTF-8 nor in UTF-16 or Shift_JIS".to_owned(),
                Some("save it as \"CSV UTF-8\""),
            ),
        }
        reading.table
    }
}

/// A text in one of the encodings that spreadsheets use in Japan and elsewhere.
fn decoded(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = [(UTF_16LE, [0xff, 0xfe]), (UTF_16BE, [0xfe, 0xff])]
        .into_iter()
        .find(|(_, mark)| bytes.starts_with(mark))
    {
        return encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[mark.len()..])
            .map(Into::into);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(_) => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes).map(Into::into),
    }
}

struct Reading<'f> {
    file: &'f str,
    destinations: Option<&'f BTreeSet<String>>,
    table: ProjectTable,
    /// Where an account was named first: the project's place in the list, and the line.
    of_account: BTreeMap<AccountId, (usize, u64)>,
}

impl Reading<'_> {
    fn text(&mut self, text: &str) {
        let first = text.lines().find(|it| !it.trim().is_empty()).unwrap_or_default();
        let most =
            [b',', b'\t', b';'].into_iter().max_by_key(|it| first.bytes().filter(|byte| byte == it).count());
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .delimiter(most.unwrap_or(b','))
            .from_reader(text.as_bytes());
        let titles: Vec<String> = match reader.headers() {
            Ok(titles) => titles.iter().map(title).collect(),
            Err(error) => return self.broken(&error),
        };
        let column = |names: &[&str]| titles.iter().position(|it| names.contains(&it.as_str()));
        let (Some(project), Some(account)) = (column(&PROJECT), column(&ACCOUNT)) else {
            let message =
                "the first line has to name a column `project` and a column `account_id`".to_owned();
            let help = format!("it names {}", first.chars().take(100).collect::<String>());
            let at = Some(Place { line: 1, column: 1 });
            return self.tell(at, Level::Error, "projects/columns", message, Some(&help));
        };
        let more = Columns::of(&titles);
        let mut lines = Lines { text, at: 0, line: 1 };
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = lines.of(record.position().map_or(0, csv::Position::byte));
                    self.row(&record, line, (project, account), &more);
                }
                Err(error) => self.broken(&error),
            }
        }
    }

    fn broken(&mut self, error: &csv::Error) {
        let line = error.position().map(csv::Position::line);
        self.tell(line.map(at), Level::Error, "projects/csv", error.to_string(), None);
    }

    fn row(&mut self, record: &StringRecord, line: u64, (project, account): (usize, usize), more: &Columns) {
        let cell = |column| record.get(column).unwrap_or_default();
        let (name, accounts) = (cell(project), cell(account));
        if record.iter().all(str::is_empty) {
            return;
        }
        if name.is_empty() || accounts.is_empty() {
            let missing = if name.is_empty() { "project" } else { "account" };
            return self.warn(line, "projects/empty", format!("the row names no {missing}"), None);
        }
        let parted = |it: char| it.is_whitespace() || matches!(it, ',' | ';' | '、' | '，');
        for id in accounts.split(parted).filter(|it| !it.is_empty()) {
            match account_id(id) {
                Ok(id) => self.assign(line, name, id),
                Err(help) => {
                    self.warn(
                        line,
                        "projects/account",
                        format!("`{id}` is no account id: they have twelve digits"),
                        help,
                    );
                }
            }
        }
        let (said, wrong) = more.said(record, self.destinations);
        for it in wrong {
            self.warn(line, it.code, it.message, it.help.as_deref());
        }
        let Some(at) = self.table.projects.iter().position(|it| it.name == name) else { return };
        for what in differences(&self.table.projects[at], &said) {
            let message = format!("an earlier row says otherwise about the {what} of `{name}`");
            self.warn(line, "projects/differs", message, Some("the first row counts"));
        }
        self.table.projects[at].join(said);
    }

    fn assign(&mut self, line: u64, name: &str, account: AccountId) {
        let projects = &mut self.table.projects;
        let number = projects.iter().position(|it| it.name == name).unwrap_or_else(|| {
            projects.push(Project { name: name.to_owned(), ..Project::default() });
            projects.len() - 1
        });
        match self.of_account.get(&account) {
            None => drop(self.of_account.insert(account.clone(), (number, line))),
            // The same row twice.
            Some((first, _)) if *first == number => return,
            Some((first, before)) => {
                let other = &self.table.projects[*first].name;
                let message = format!("the account {account} is in `{other}`, too (line {before})");
                let help = "it counts in both; leave out the row that is wrong";
                self.warn(line, "projects/twice", message, Some(help));
            }
        }
        self.table.projects[number].accounts.push(account.to_string());
    }

    fn warn(&mut self, line: u64, code: &'static str, message: String, help: Option<&str>) {
        self.tell(Some(at(line)), Level::Warning, code, message, help);
    }

    fn tell(
        &mut self,
        place: Option<Place>,
        level: Level,
        code: &'static str,
        message: String,
        help: Option<&str>,
    ) {
        let (file, help) = (self.file.to_owned(), help.map(str::to_owned));
        self.table.told.push(Diagnostic { file, place, level, code, message, help });
    }
}

/// Lines by the places of their bytes, in order: the reader's own count is one behind where lines end as on Windows.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).clamp(self.at, self.text.len());
        let bytes = self.text.as_bytes();
        let blanks = bytes[from..].iter().take_while(|it| matches!(it, b'\r' | b'\n')).count();
        self.line += bytes[self.at..from + blanks].iter().filter(|it| **it == b'\n').count() as u64;
        self.at = from + blanks;
        self.line
    }
}

fn at(line: u64) -> Place {
    Place { line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 }
}

fn title(text: &str) -> String {
    text.chars()
        .filter(|it| !it.is_whitespace() && !matches!(it, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Twelve digits, also as the AWS console shows them (`1234-5678-9012`); else what may have happened to them.
fn account_id(text: &str) -> Result<AccountId, Option<&'static str>> {
    let digits = match text.split('-').collect::<Vec<_>>()[..] {
        [a, b, c] if [a, b, c].iter().all(|it| it.len() == 4) => [a, b, c].concat(),
        _ => text.to_owned(),
    };
    let is_number = digits.bytes().all(|it| it.is_ascii_digit());
    AccountId::new(&digits).map_err(|_| match digits.len() {
        9..12 if is_number => Some("spreadsheets drop zeros at the beginning: keep the column as text"),
        _ if text.contains("E+") => Some("a spreadsheet has rounded it: keep the column as text"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Vec<(String, Vec<String>)>, Vec<String>) {
        let table = ProjectTable::read("p.csv", bytes);
        let projects = table.projects.into_iter().map(|it| (it.name, it.accounts)).collect();
        (projects, table.told.iter().map(ToString::to_string).collect())
    }

    fn one(name: &str, accounts: &[&str]) -> (String, Vec<String>) {
        (name.to_owned(), accounts.iter().map(|it| (*it).to_owned()).collect())
    }

    #[test]
    fn rows_of_a_project_belong_together_whatever_else_the_table_holds() {
        let text = "Owner,Project,AWS Account ID,Mail\nsato,shop,111122223333,a@example.com\n,\"pay, later\",\"4444-5555-6666; 777788889999\",\nsuzuki,shop,222233334444,b\n\n";
        let expected = vec![
            one("shop", &["111122223333", "222233334444"]),
            one("pay, later", &["444455556666", "777788889999"]),
        ];
        assert_eq!(read(text.as_bytes()), (expected, vec![]));
        let (projects, _) = read(b"\n\nproject,account\nshop,111122223333\n");
        assert_eq!(projects, [one("shop", &["111122223333"])]);
    }

    #[test]
    fn tables_come_in_the_encodings_of_japanese_spreadsheets() {
        let text = "プロジェクト名,アカウントID\r\n受発注システム,111122223333\r\n";
        let expected = (vec![one("受発注システム", &["111122223333"])], vec![]);
        assert_eq!(read(text.as_bytes()), expected);
        assert_eq!(read(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), expected);
        let (shift_jis, _, _) = SHIFT_JIS.encode(text);
        assert_eq!(read(&shift_jis), expected);
        // "Unicode text" is in UTF-16, with tabs.
        let wide = text.replace(',', "\t");
        let wide = wide.encode_utf16().flat_map(u16::to_le_bytes);
        assert_eq!(read(&[0xff, 0xfe].into_iter().chain(wide).collect::<Vec<_>>()), expected);
    }

    #[test]
    fn what_is_wrong_with_a_row_is_told_with_its_line_and_the_rest_counts() {
        let text = "project,account\nshop,11122223333\nshop,1.11122E+11\nshop,shop-prod\n,111122223333\nshop,\nshop,111122223333\npay,111122223333\nshop,111122223333\n";
        let (projects, told) = read(text.as_bytes());
        assert_eq!(projects, [one("shop", &["111122223333"]), one("pay", &["111122223333"])]);
        assert_eq!(
            told,
            [
                "p.csv:2:1: warning[projects/account]: `11122223333` is no account id: they have twelve digits\n  help: spreadsheets drop zeros at the beginning: keep the column as text",
                "p.csv:3:1: warning[projects/account]: `1.11122E+11` is no account id: they have twelve digits\n  help: a spreadsheet has rounded it: keep the column as text",
                "p.csv:4:1: warning[projects/account]: `shop-prod` is no account id: they have twelve digits",
                "p.csv:5:1: warning[projects/empty]: the row names no project",
                "p.csv:6:1: warning[projects/empty]: the row names no account",
                "p.csv:8:1: warning[projects/twice]: the account 111122223333 is in `shop`, too (line 7)\n  help: it counts in both; leave out the row that is wrong",
            ]
        );
    }

    #[test]
    fn a_row_says_who_is_told_and_how() {
        let text = "プロジェクト,アカウントID,連絡先,言語,タイムゾーン,環境名,配信先,最低重大度,通知停止時間,レポート予定\n\
            受発注,111122223333,sato@example.com slack:U0AB,ja,Asia/Tokyo,本番,chat、mail,high,22:00-08:00,0 9 * * 1\n\
            受発注,222233334444,sato@example.com,,,,mail,,,\n";
        let known = ["chat".to_owned(), "mail".to_owned()].into();
        let table = ProjectTable::read_knowing("p.csv", text.as_bytes(), Some(&known));
        assert_eq!(table.told, []);
        let project = &table.projects[0];
        let owners: Vec<_> = project.owners.iter().map(ToString::to_string).collect();
        assert_eq!(owners, ["sato@example.com", "slack:U0AB"]);
        assert_eq!(project.destinations, ["chat", "mail"]);
        assert_eq!(project.accounts.len(), 2);
        assert_eq!(project.environment.as_deref(), Some("本番"));
        assert_eq!(project.time_zone.as_ref().map(ToString::to_string).as_deref(), Some("Asia/Tokyo"));
    }

    #[test]
    fn what_is_wrong_with_a_setting_is_told_with_its_line_and_the_others_count() {
        let text = "project,account,owners,lang,time_zone,destinations,min_severity,quiet_hours,report_schedule\n\
            shop,111122223333,sato,fr,Tokyo,caht mail,urgent,late,often\n\
            shop,222233334444,,ja,,mail,,,\n\
            shop,333344445555,,en,,,,,\n";
        let known = ["chat".to_owned(), "mail".to_owned()].into();
        let table = ProjectTable::read_knowing("p.csv", text.as_bytes(), Some(&known));
        insta::assert_snapshot!(table.told.iter().map(|it| format!("{it}\n")).collect::<String>());
        let project = &table.projects[0];
        assert_eq!((project.lang, project.accounts.len()), (Some(yagura_model::Lang::Ja), 3));
        assert_eq!(project.destinations, ["mail"]);
    }

    #[test]
    fn lines_are_counted_as_editors_count_them() {
        let text = "project,account,note\r\n\r\nshop,111122223333,\"two\r\nlines\"\r\nshop,1,\r\n";
        assert!(read(text.as_bytes()).1[0].starts_with("p.csv:5:1: "), "{:?}", read(text.as_bytes()).1);
        assert!(read(text.replace('\r', "").as_bytes()).1[0].starts_with("p.csv:5:1: "));
    }

    #[test]
    fn a_table_without_the_columns_cannot_be_used() {
        let (projects, told) = read(b"name,id\nshop,111122223333\n");
        assert_eq!(projects, []);
        assert_eq!(
            told,
            [
                "p.csv:1:1: error[projects/columns]: the first line has to name a column `project` and a column `account_id`\n  help: it names name,id"
            ]
        );
        assert!(
            read(b"project,account\n\x81\xff\x00,1\n").1[0].starts_with("p.csv: error[projects/encoding]")
        );
        assert_eq!(read(b"").1.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_bytes_reading_ends(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = ProjectTable::read("p.csv", &bytes);
        }
    }
}
