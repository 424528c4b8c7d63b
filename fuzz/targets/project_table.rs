//! Tables of projects: whatever spreadsheet wrote them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let table = yagura_posture::ProjectTable::read("projects.csv", bytes);
    for project in &table.projects {
        assert!(!project.name.is_empty() && !project.accounts.is_empty());
    }
});
