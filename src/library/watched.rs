//! A source that counts what is read from it, and can be told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::LibraryError;
use super::source::{Origin, Source, Stamped};

/// A source whose reader can be watched and stopped.
pub struct Watched {
    source: Arc<dyn Source>,
    listed: AtomicUsize,
    read: AtomicUsize,
    stopped: AtomicBool,
}

impl Watched {
    /// Watches the reader of a source.
    pub fn of(source: Arc<dyn Source>) -> Self {
        Watched {
            source,
            listed: AtomicUsize::new(0),
            read: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// Begins to count anew; what was stopped may go on.
    pub fn begin(&self) {
        self.listed.store(0, Ordering::Relaxed);
        self.read.store(0, Ordering::Relaxed);
        self.stopped.store(false, Ordering::Relaxed);
    }

    /// Stops whoever reads: from now on nothing can be read.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// How many files were read, and how many there are; none before they
    /// were listed.
    pub fn progress(&self) -> (usize, usize) {
        let number = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        (number(&self.read), number(&self.listed))
    }
}

impl Source for Watched {
    fn list(&self) -> Result<Vec<String>, LibraryError> {
        self.source.list()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, LibraryError> {
        if self.stopped() {
            return Err(LibraryError::asked("reading was stopped", ""));
        }
        let bytes = self.source.read(path);
        self.read.fetch_add(1, Ordering::Relaxed);
        bytes
    }

    fn origin(&self) -> Origin {
        self.source.origin()
    }

    fn stamps(&self) -> Result<Vec<Stamped>, LibraryError> {
        let stamps = self.source.stamps()?;
        self.listed.store(stamps.len(), Ordering::Relaxed);
        Ok(stamps)
    }

    fn place(&self) -> Option<String> {
        self.source.place()
    }

    fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::MemorySource;
    use super::*;

    #[test]
    fn what_is_read_is_counted_until_it_is_stopped() {
        let source = MemorySource::default()
            .with("P/policy.toml", "x")
            .with("P/2020.toml", "x");
        let watched = Watched::of(Arc::new(source));
        assert_eq!(watched.progress(), (0, 0));
        watched.stamps().expect("stamps");
        watched.read("P/2020.toml").expect("a file");
        assert_eq!(watched.progress(), (1, 2));
        watched.stop();
        assert!(watched.stopped() && watched.read("P/2020.toml").is_err());
        watched.begin();
        assert!(watched.read("P/2020.toml").is_ok());
    }
}
