//! A text for a sentence: its beginning, where it is long.

/// The text itself, or its first characters (Unicode scalar values) and `…` where it has more than `longest`.
///
/// ```
/// use resolve_api::shorten::shortened;
///
/// assert_eq!("marker", shortened("marker".to_owned(), 6));
/// assert_eq!("mär…", shortened("märker".to_owned(), 3));
/// ```
#[must_use]
pub fn shortened(mut text: String, longest: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(longest) {
        text.truncate(end);
        text.push('…');
    }
    text
}
