//! Lines of bounded length from a pipe.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Buffers above this are given back after use: one long listing must not cost memory for ever.
const KEPT_CAPACITY: usize = 256 << 10;

/// Bytes read from the pipe at once; a Linux pipe holds 64 KiB.
const READ_BYTES: usize = 64 << 10;

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Its bytes, without the newline. The last line of a pipe may lack one.
    Whole(&'a [u8]),
    /// It had this many bytes, more than the limit; what was over is gone.
    Overlong(usize),
}

/// Reads a pipe line by line.
pub(crate) struct Lines<R> {
    pipe: BufReader<R>,
    limit: usize,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Lines of at most `limit` bytes from `pipe`.
    pub(crate) fn new(pipe: R, limit: usize) -> Self {
        Self { pipe: BufReader::with_capacity(READ_BYTES, pipe), limit, line: Vec::new() }
    }

    /// The next line; `None` at the end of the pipe.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        if self.line.capacity() > KEPT_CAPACITY {
            self.line = Vec::new();
        }
        self.line.clear();
        let mut length = 0;
        loop {
            let bytes = self.pipe.fill_buf().await?;
            if bytes.is_empty() && length == 0 {
                return Ok(None);
            }
            let newline = bytes.iter().position(|byte| *byte == b'\n');
            let part = &bytes[..newline.unwrap_or(bytes.len())];
            length += part.len();
            if length <= self.limit {
                self.line.extend_from_slice(part);
            }
            let ended = newline.is_some() || bytes.is_empty();
            let used = part.len() + usize::from(newline.is_some());
            self.pipe.consume(used);
            if ended {
                break;
            }
        }
        if length > self.limit {
            return Ok(Some(Line::Overlong(length)));
        }
        Ok(Some(Line::Whole(&self.line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that is too long costs that line only: the next one is read from its first byte.
    #[tokio::test]
    async fn an_overlong_line_does_not_spoil_the_next() {
        let mut lines = Lines::new(&b"short\n0123456789a\nnext\nlast"[..], 10);

        assert_eq!(Some(Line::Whole(b"short")), lines.next().await.unwrap());
        assert_eq!(Some(Line::Overlong(11)), lines.next().await.unwrap());
        assert_eq!(Some(Line::Whole(b"next")), lines.next().await.unwrap());
        assert_eq!(Some(Line::Whole(b"last")), lines.next().await.unwrap());
        assert_eq!(None, lines.next().await.unwrap());
    }
}
