//! What is told only after something that is known at the end: kept in memory while it is small, and beyond that in a file without a name.

use std::io::{self, BufRead, BufReader, Read, Seek, Write};

use tempfile::SpooledTempFile;

/// How much is kept in memory, in bytes.
const MOST_IN_MEMORY: usize = 1 << 20;

/// Bytes that wait for their turn.
pub(crate) struct Spool {
    file: SpooledTempFile,
}

impl Spool {
    /// With nothing in it.
    pub(crate) fn new() -> Self {
        Self { file: SpooledTempFile::new(MOST_IN_MEMORY) }
    }

    /// Writes all of it.
    pub(crate) fn copy(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut from = self.again()?;
        loop {
            let some = from.fill_buf()?;
            if some.is_empty() {
                return Ok(());
            }
            out.write_all(some)?;
            let length = some.len();
            from.consume(length);
        }
    }

    /// Reads it from its first byte.
    pub(crate) fn again(&mut self) -> io::Result<BufReader<impl Read + '_>> {
        self.file.rewind()?;
        Ok(BufReader::with_capacity(1 << 16, &mut self.file))
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_on_the_way_from_memory_to_a_file() {
        for count in [0, 1, 1_000, 300_000] {
            let text: String = (0..count).map(|number| format!("{number}\n")).collect();
            let mut spool = Spool::new();
            for line in text.split_inclusive('\n') {
                spool.write_all(line.as_bytes()).expect("written");
            }
            let mut copied = Vec::new();
            spool.copy(&mut copied).expect("copied");
            assert!(copied == text.as_bytes());
            let lines = spool.again().expect("read").lines().map(|line| line.expect("read") + "\n").collect::<String>();
            assert!(lines == text);
        }
    }
}
