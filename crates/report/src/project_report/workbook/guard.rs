//! The library that writes workbooks panics when the disk for its temporary files is full. Here that becomes an error.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_xlsxwriter::XlsxError;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Does a piece of the writing. After an error nothing of the workbook is used any more: it is dropped as it is.
pub(super) fn guarded<T>(piece: impl FnOnce() -> Result<T, XlsxError>) -> io::Result<T> {
    let before = IS_GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(piece));
    IS_GUARDED.set(before);
    match done {
        Ok(Ok(it)) => Ok(it),
        Ok(Err(XlsxError::IoError(error))) => Err(error),
        Ok(Err(error)) => Err(io::Error::other(error)),
        Err(_) => Err(io::Error::other(format!(
            "the workbook could not be put together: is the disk of `{}` full?",
            std::env::temp_dir().display()
        ))),
    }
}

/// From now on nothing is printed of panics that become errors here. For programs, at their start.
pub fn keep_quiet_of_handled_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !IS_GUARDED.get() {
            before(info);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_library_is_an_error() {
        keep_quiet_of_handled_panics();
        let error = guarded::<()>(|| panic!("Couldn't write to file")).unwrap_err();
        assert!(error.to_string().contains("could not be put together"), "{error}");
        assert!(guarded(|| Ok(1)).is_ok());
    }
}
