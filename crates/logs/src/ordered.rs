//! Files read on several threads, with what they hold handed over in the order of the files.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, PoisonError};

/// Pieces of a file that wait to be handed over. A thread that is further ahead stops until they are.
const PIECES: usize = 4;
/// So many files more than threads may be read before the first of them is handed over: whoever hands over does not always get a
/// processor at once, and the threads had nothing to do meanwhile.
const AHEAD: usize = 32;

/// Reads files and hands their pieces over, file after file. `read` gives the pieces of one file until it is told that nobody wants more.
///
/// Memory is bounded: by a few pieces of a few files, whatever their size and number.
///
/// # Errors
///
/// What `write` fails with; then no more files are read.
pub fn in_order<F: Sync, P: Send, E>(
    files: &[F],
    threads: usize,
    read: impl Fn(&F, &mut dyn FnMut(P) -> bool) + Sync,
    mut write: impl FnMut(P) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.clamp(1, files.len().max(1));
    let (jobs, queue) = mpsc::channel();
    let (queue, read) = (Mutex::new(queue), &read);
    std::thread::scope(|scope| {
        // Dropped first on the way out, so that the threads find an end.
        let jobs = jobs;
        for _ in 0..threads {
            let queue = &queue;
            scope.spawn(move || {
                loop {
                    // The threads take files in their order, so the one that is waited for is always being read.
                    let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((file, pieces)): Result<(&F, mpsc::SyncSender<P>), _> = job else { return };
                    read(file, &mut |piece| pieces.send(piece).is_ok());
                }
            });
        }
        let mut hand_over = |pieces: Receiver<P>| pieces.into_iter().try_for_each(&mut write);
        let mut ahead = VecDeque::new();
        for file in files {
            if ahead.len() == 2 * threads + AHEAD
                && let Some(pieces) = ahead.pop_front()
            {
                hand_over(pieces)?;
            }
            let (sender, receiver) = mpsc::sync_channel(PIECES);
            if jobs.send((file, sender)).is_ok() {
                ahead.push_back(receiver);
            }
        }
        drop(jobs);
        ahead.into_iter().try_for_each(hand_over)
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::files::{FileKind, Found};

    fn files(count: usize) -> Vec<Found> {
        (0..count).map(|n| Found { path: PathBuf::from(n.to_string()), kind: FileKind::Events }).collect()
    }

    #[test]
    fn pieces_come_in_the_order_of_the_files_however_many_threads_read() {
        for threads in [1, 2, 7] {
            let mut told = Vec::new();
            let read = |file: &Found, give: &mut dyn FnMut(String) -> bool| {
                // More pieces than may wait.
                (0..20).all(|n| give(format!("{} {n}", file.path.display())));
            };
            let written: Result<(), ()> = in_order(&files(50), threads, read, |it| {
                told.push(it);
                Ok(())
            });
            assert_eq!(written, Ok(()));
            let expected: Vec<_> =
                (0..50).flat_map(|file| (0..20).map(move |n| format!("{file} {n}"))).collect();
            assert_eq!(told, expected, "{threads} threads");
        }
    }

    #[test]
    fn when_nobody_listens_any_more_reading_ends() {
        let given = AtomicUsize::new(0);
        let read = |_: &Found, give: &mut dyn FnMut(()) -> bool| {
            while give(()) {
                given.fetch_add(1, Ordering::Relaxed);
            }
        };
        assert_eq!(in_order(&files(1000), 2, read, |()| Err("full")), Err("full"));
        assert!(given.load(Ordering::Relaxed) < 100);
    }
}
