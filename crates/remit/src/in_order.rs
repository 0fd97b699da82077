//! Work shared among threads, its results taken in the order in which it was asked for, and never many of them waiting.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How far work may be ahead of what is taken, for each thread: a slow piece holds the others up rather than fill the memory.
const AHEAD: usize = 4;

/// How far the work has come.
struct Progress<R> {
    /// The first piece that nobody has begun.
    next: usize,
    /// The first piece that is not taken yet.
    taken: usize,
    /// Results whose turn has not come.
    waiting: BTreeMap<usize, R>,
    stopped: Stopped,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stopped {
    No,
    /// What is left is of no use: a result could not be taken, or a thread came to grief.
    Yes,
}

/// Does a piece of work for every item, on so many threads, and takes each result on this one, in the order of the items.
///
/// # Errors
/// The first error of `take`; no further piece is begun then.
pub(crate) fn in_order<T: Sync, R: Send, E>(
    items: &[T],
    threads: NonZeroUsize,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(&T, R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.get().min(items.len());
    if threads < 2 {
        return items.iter().try_for_each(|item| take(item, work(item)));
    }
    let shared = Shared {
        progress: Mutex::new(Progress { next: 0, taken: 0, waiting: BTreeMap::new(), stopped: Stopped::No }),
        changed: Condvar::new(),
        ahead: threads * AHEAD,
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| shared.serve(items, &work));
        }
        // However this ends, nobody waits for ever.
        let _guard = StopAtEnd(&shared);
        for (at, item) in items.iter().enumerate() {
            // A thread that came to grief brings its panic to the end of the scope.
            let Some(result) = shared.result(at) else { return Ok(()) };
            take(item, result)?;
        }
        Ok(())
    })
}

/// What the threads have in common.
struct Shared<R> {
    progress: Mutex<Progress<R>>,
    changed: Condvar,
    ahead: usize,
}

impl<R> Shared<R> {
    fn serve<T>(&self, items: &[T], work: impl Fn(&T) -> R) {
        while let Some((at, item)) = self.next(items) {
            let guard = StopAtEnd(self);
            let result = work(item);
            std::mem::forget(guard);
            self.lock().waiting.insert(at, result);
            self.changed.notify_all();
        }
    }

    /// The next piece, once there is room for what comes of it.
    fn next<'i, T>(&self, items: &'i [T]) -> Option<(usize, &'i T)> {
        let mut progress = self.lock();
        while progress.stopped == Stopped::No && progress.next < items.len() && progress.next >= progress.taken + self.ahead {
            progress = self.changed.wait(progress).unwrap_or_else(PoisonError::into_inner);
        }
        if progress.stopped == Stopped::Yes {
            return None;
        }
        let at = progress.next;
        progress.next += 1;
        items.get(at).map(|item| (at, item))
    }

    /// The result of a piece, once it is there; `None` where it never will be.
    fn result(&self, at: usize) -> Option<R> {
        let mut progress = self.lock();
        loop {
            if let Some(result) = progress.waiting.remove(&at) {
                progress.taken = at + 1;
                self.changed.notify_all();
                return Some(result);
            }
            if progress.stopped == Stopped::Yes {
                return None;
            }
            progress = self.changed.wait(progress).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Nothing is done under the lock that could leave it in disorder.
    fn lock(&self) -> MutexGuard<'_, Progress<R>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops all threads when it goes, which it does in a panic too.
struct StopAtEnd<'s, R>(&'s Shared<R>);

impl<R> Drop for StopAtEnd<'_, R> {
    fn drop(&mut self) {
        self.0.lock().stopped = Stopped::Yes;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn threads(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).expect("some")
    }

    #[test]
    fn results_come_in_order_and_few_wait() {
        let items: Vec<usize> = (0..200).collect();
        for count in [1, 2, 3, 8] {
            let begun = AtomicUsize::new(0);
            let mut taken = Vec::new();
            let work = |item: &usize| {
                begun.fetch_add(1, Ordering::SeqCst);
                // The first pieces are the slowest.
                thread::sleep(Duration::from_micros(if *item < 8 { 3_000 } else { 20 }));
                item * item
            };
            let done = in_order(&items, threads(count), work, |item, square| {
                let ahead = begun.load(Ordering::SeqCst) - taken.len();
                assert!(ahead <= count * (AHEAD + 1), "{ahead} pieces were begun and not taken");
                taken.push((*item, square));
                Ok::<(), ()>(())
            });
            assert_eq!(done, Ok(()));
            assert_eq!(taken, items.iter().map(|item| (*item, item * item)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_ends_the_work() {
        let items: Vec<usize> = (0..10_000).collect();
        let begun = AtomicUsize::new(0);
        let work = |item: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            *item
        };
        assert_eq!(in_order(&items, threads(3), work, |_, item| if item == 5 { Err("full") } else { Ok(()) }), Err("full"));
        assert!(begun.load(Ordering::SeqCst) < 100);
    }

    #[test]
    fn a_panic_is_no_hang() {
        let items: Vec<usize> = (0..100).collect();
        let work = |item: &usize| assert_ne!(*item, 7, "on purpose");
        let ended = std::panic::catch_unwind(|| in_order(&items, threads(2), work, |_, ()| Ok::<(), ()>(())));
        assert!(ended.is_err());
    }
}
