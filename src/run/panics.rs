//! Bugs: what a panic says is kept for the report of the file, rather than written at once among other output.

use std::any::Any;
use std::cell::RefCell;
use std::env;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    /// Set while this thread is in [`catch`]; holds the last panic's text.
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on, panics in [`catch`] are silent, unless `RUST_BACKTRACE` asks for more.
pub(super) fn keep_quiet() {
    if env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
        return;
    }
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let is_caught = CAUGHT.with_borrow_mut(|caught| match caught {
            Some(text) => {
                let place = info.location().map(|place| format!(" ({}:{})", place.file(), place.line()));
                *text = message(info.payload()) + &place.unwrap_or_default();
                true
            }
            None => false,
        });
        if !is_caught {
            before(info);
        }
    }));
}

/// Runs something; if it panics, gives the text of the panic.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    CAUGHT.set(Some(String::new()));
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    let text = CAUGHT.take().unwrap_or_default();
    result.map_err(|payload| if text.is_empty() { message(&*payload) } else { text })
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panic without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::catch;

    #[test]
    fn panics_are_caught_with_their_text() {
        assert_eq!(catch(|| 1), Ok(1));
        let number = 7;
        assert!(catch(|| assert!(number != 7, "bad number {number}")).expect_err("panics").contains("bad number 7"));
    }
}
