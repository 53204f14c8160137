//! What was meant by a name that does not exist.

use crate::catalogue::{Catalogue, Method};

/// How many methods are suggested.
const SUGGESTED: usize = 5;

/// Below this likeness (Jaro-Winkler, 0 to 1) two names have nothing to do with each other; the pairs that
/// people mix up (`colour`/`color`, `frameID`/`frameId`, `Blu`/`Blue`) lie above 0.9.
const ALIKE: f64 = 0.82;

/// At most `limit` of `names` that are like `wanted`, the likest first.
pub fn nearest_names<'n>(
    wanted: &str,
    names: impl IntoIterator<Item = &'n str>,
    limit: usize,
) -> Vec<String> {
    let wanted = plain(wanted);
    let mut scored: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (likeness(&wanted, &plain(name)), name))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    scored.into_iter().take(limit).map(|(_, name)| name.to_owned()).collect()
}

impl Catalogue {
    /// The methods that were probably meant by a name that `class` does not have, the likest first, at most five.
    ///
    /// The same name on another class comes first (`Timeline.AppendToTimeline` is `MediaPool.AppendToTimeline`),
    /// then like names of the class, then like names of the others. Spelling in snake_case is understood.
    pub fn nearest_method(&self, class: Option<&str>, name: &str) -> Vec<&Method> {
        let wanted = plain(name);
        let class = class.map(plain);
        let mut scored: Vec<(f64, &Method)> = self
            .methods()
            .filter_map(|method| {
                let found = plain(&method.name);
                let own = class.as_ref().is_some_and(|class| *class == plain(&method.class));
                let score = if found == wanted || plain(&method.tool) == wanted {
                    // Of several classes with that name, the one whose name is like the wrong one.
                    let like = class.as_ref().map_or(0.0, |class| likeness(class, &plain(&method.class)));
                    2.0 + like
                } else {
                    let like = likeness(&wanted, &found);
                    if like < ALIKE { return None } else { like + if own { 0.1 } else { 0.0 } }
                };
                // A method that is on its way out is never the best answer among equals.
                let last = matches!(
                    method.status,
                    crate::catalogue::Status::Deprecated | crate::catalogue::Status::Removed
                );
                Some((score - if last { 0.05 } else { 0.0 }, method))
            })
            .collect();
        scored.sort_by(|one, other| other.0.total_cmp(&one.0));
        scored.into_iter().take(SUGGESTED).map(|(_, method)| method).collect()
    }
}

/// Small letters and digits only: case, blanks and underscores are what people get wrong first.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn likeness(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let inside = one.len().min(other.len()) >= 4 && (one.contains(other) || other.contains(one));
    strsim::jaro_winkler(one, other).max(if inside { 0.9 } else { 0.0 })
}
