//! Which tools a server offers, chosen once at its start: `--toolset`.

use std::fmt;
use std::str::FromStr;

use resolve_api::catalogue::Effect;
use resolve_api::nearest::nearest_names;

use crate::groups::{self, Group};
use crate::tools::{Entry, Tools};

/// The words beside the parts of Resolve and the names of tools.
const WORDS: [&str; 3] = ["standard", "full", "read-only"];

/// A choice of tools: what any of its words names, and of that only what reads where one of them says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolset {
    words: Vec<Word>,
    /// As it was written.
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Standard,
    Full,
    ReadOnly,
    /// The tools of a part of Resolve, with `status` and the doors to the whole API.
    Group(&'static str),
    /// One tool.
    Tool(String),
}

impl Default for Toolset {
    fn default() -> Self {
        Self { words: vec![Word::Standard], text: "standard".to_owned() }
    }
}

impl FromStr for Toolset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let words = words.map(word).collect::<Result<Vec<_>, _>>()?;
        if words.is_empty() {
            return Err(format!(
                "no toolset is named; it takes {}, a part of Resolve or tools",
                WORDS.join(", ")
            ));
        }
        Ok(Self { words, text: text.to_owned() })
    }
}

impl fmt::Display for Toolset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn word(word: &str) -> Result<Word, String> {
    match word {
        "standard" => return Ok(Word::Standard),
        "full" => return Ok(Word::Full),
        "read-only" => return Ok(Word::ReadOnly),
        _ => {}
    }
    if let Some(group) = Group::named(word) {
        return Ok(Word::Group(group.name));
    }
    let tools = Tools::everything();
    if tools.get(word).is_some() {
        return Ok(Word::Tool(word.to_owned()));
    }
    let names = tools.entries().iter().map(|entry| &*entry.tool.name);
    let mut known: Vec<&str> = WORDS.to_vec();
    groups::words().for_each(|group| known.push(group));
    known.extend(names);
    let meant = match nearest_names(word, known, 3) {
        near if near.is_empty() => format!(
            "it takes {}, a part of Resolve ({}) or names of tools",
            WORDS.join(", "),
            groups::words().collect::<Vec<_>>().join(", ")
        ),
        near => format!("did you mean {}?", near.join(" or ")),
    };
    Err(format!("there is no toolset or tool '{word}'; {meant}"))
}

impl Toolset {
    /// Whether only what changes nothing is offered.
    pub fn reads_only(&self) -> bool {
        self.words.contains(&Word::ReadOnly)
    }

    /// Whether tools of single methods may be among the chosen.
    pub fn may_have_methods(&self) -> bool {
        self.words.iter().any(|word| matches!(word, Word::Full | Word::Tool(_)))
    }

    /// Whether a tool is offered.
    pub fn has(&self, entry: &Entry) -> bool {
        let named = self.words.iter().any(|word| match word {
            Word::Standard => entry.standard,
            Word::Full => true,
            // Alone it is the standard surface, beside other words only their condition.
            Word::ReadOnly => entry.standard && self.words.iter().all(|word| *word == Word::ReadOnly),
            Word::Group(name) => entry.is_of(name),
            Word::Tool(name) => entry.tool.name == *name,
        });
        named && (!self.reads_only() || entry.effect == Effect::Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let tools = Tools::of(&text.parse().expect(text));
        tools.entries().iter().map(|entry| entry.tool.name.to_string()).collect()
    }

    /// What each word offers.
    #[test]
    fn words_choose_tools() {
        assert_eq!(names("standard"), names("standard,standard"));
        assert!(names("full").len() > 480);
        assert_eq!(vec!["add_marker", "look"], names("look,add_marker"), "in the order of the table");
        let timeline = names("timeline");
        assert!(
            ["status", "timeline_edit", "add_marker", "api_call"]
                .iter()
                .all(|name| timeline.contains(&(*name).to_owned()))
        );
        assert!(
            !timeline.contains(&"color_edit".to_owned())
                && !timeline.contains(&"timeline_add_marker".to_owned())
        );
        assert_eq!(timeline, names("audio"));
        assert!(names("standard,fusion").contains(&"fusion_edit".to_owned()));
    }

    /// Read-only is a promise: beside whatever word, nothing that changes anything is offered.
    #[test]
    fn read_only_offers_nothing_that_changes_anything() {
        for text in ["read-only", "full,read-only", "read-only,timeline", "read-only,add_marker"] {
            for entry in Tools::of(&text.parse().expect(text)).entries() {
                assert_eq!(Effect::Read, entry.effect, "{text}: {}", entry.tool.name);
            }
        }
        assert!(names("read-only").contains(&"api_call".to_owned()), "it calls only methods that read");
        assert!(names("read-only,add_marker").is_empty());
    }

    /// A typing error would otherwise start a server without the tools that somebody counts on.
    #[test]
    fn an_unknown_word_is_refused_with_the_nearest() {
        let error = |text: &str| text.parse::<Toolset>().expect_err(text);

        assert!(error("ful").contains("full"), "{}", error("ful"));
        assert!(error("standard,timelines").contains("timeline"));
        assert!(error("add_markers").contains("add_marker"));
        assert!(error("xyzzy").contains("standard"));
        assert!(error(" , ").contains("no toolset"));
    }
}
