//! What this process takes of the machine, as Linux tells it; other systems tell nothing here.

use std::fs;

/// Ticks of a second, on every architecture that Linux runs on.
const TICKS: f64 = 100.0;

/// What this process takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Process {
    /// Bytes of memory.
    pub(super) memory: u64,
    /// Seconds of processors, since it began.
    pub(super) processor: f64,
    /// Files and connections that are open.
    pub(super) files: u64,
}

/// What this process takes now.
pub(super) fn process() -> Option<Process> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let files = fs::read_dir("/proc/self/fd").ok()?.count();
    read(&status, &stat, u64::try_from(files).ok()?)
}

fn read(status: &str, stat: &str, files: u64) -> Option<Process> {
    let resident = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = resident.trim().trim_end_matches("kB").trim_end().parse().ok()?;
    // The name of the process, in brackets, may hold anything; what follows it are numbers, of which the 12th and 13th are meant.
    let (_, numbers) = stat.rsplit_once(')')?;
    let mut numbers = numbers.split_whitespace().skip(11).map(str::parse::<f64>);
    let (user, system) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(Process { memory: kilobytes * 1024, processor: (user + system) / TICKS, files })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_tells_is_read() {
        let status = "Name:\tyagura\nVmPeak:\t  999 kB\nVmRSS:\t  2048 kB\nThreads:\t4\n";
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 100 1000 500\n";
        let expected = Process { memory: 2 << 20, processor: 3.0, files: 7 };
        assert_eq!(read(status, stat, 7), Some(expected));
        assert_eq!(read("", stat, 7), None);
        assert_eq!(read(status, "42 (a) S 1", 7), None);
    }
}
