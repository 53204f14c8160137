//! The parts of Resolve as an agent picks them: which domains each has, and the name of each method as an action.

use std::sync::LazyLock;

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect, Method, Status, catalogue};
use resolve_api::nearest::nearest_names;

use crate::error::{Code, ToolError};

/// A part of Resolve, with the tools `<name>_read`, `<name>_edit` and `<name>_delete`.
pub struct Group {
    /// Its name, which the names of its tools begin with.
    pub name: &'static str,
    /// The domains that belong to it.
    pub domains: &'static [Domain],
    /// What its methods are about, to stand after a verb.
    pub about: &'static str,
}

/// Twelve domains would make 36 tools; these six make 18, and each is a place that people know.
pub static GROUPS: [Group; 6] = [
    Group {
        name: "project",
        domains: &[Domain::Project, Domain::Application, Domain::Cloud],
        about: "projects, project folders and databases, project settings, presets, and the program itself",
    },
    Group {
        name: "media_pool",
        domains: &[Domain::MediaPool, Domain::MediaStorage],
        about: "folders (bins), clips, their metadata, markers and proxies, and disks",
    },
    Group {
        name: "timeline",
        domains: &[Domain::Timeline, Domain::TimelineItem, Domain::Audio],
        about: "timelines, tracks, the items on them, markers, takes, subtitles and sound",
    },
    Group {
        name: "color",
        domains: &[Domain::Color, Domain::Gallery],
        about: "grades, nodes, LUTs, versions, color groups, stills and albums",
    },
    Group { name: "fusion", domains: &[Domain::Fusion], about: "Fusion compositions, tools and inputs" },
    Group {
        name: "render",
        domains: &[Domain::Render],
        about: "render settings, formats, presets and the render queue",
    },
];

/// What the actions of one tool do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Change nothing.
    Read,
    /// Change something.
    Edit,
    /// Remove, overwrite or discard something.
    Delete,
}

impl Part {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Read, Self::Edit, Self::Delete];

    /// The part that a method belongs to.
    pub fn of(effect: Effect) -> Self {
        match effect {
            Effect::Read => Self::Read,
            Effect::Write | Effect::LongRunning | Effect::Ui => Self::Edit,
            Effect::Destructive => Self::Delete,
        }
    }

    /// What its actions do at most.
    pub fn effect(self) -> Effect {
        match self {
            Self::Read => Effect::Read,
            Self::Edit => Effect::Write,
            Self::Delete => Effect::Destructive,
        }
    }

    /// The end of the tool's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Edit => "edit",
            Self::Delete => "delete",
        }
    }
}

/// The methods of one tool by the name of their action, in the order of the rows.
pub type Actions = IndexMap<String, &'static Method>;

impl Group {
    /// The group of a domain.
    pub fn of(domain: Domain) -> &'static Group {
        // Each domain is in a group, which a test holds.
        GROUPS.iter().find(|group| group.domains.contains(&domain)).unwrap_or(&GROUPS[0])
    }

    /// The group of that name, or the one that has a domain of that name.
    pub fn named(name: &str) -> Option<&'static Group> {
        GROUPS.iter().find(|group| group.name == name).or_else(|| {
            GROUPS.iter().find(|group| group.domains.iter().any(|domain| domain.as_str() == name))
        })
    }

    /// The actions of one of its tools; empty where there is no such tool.
    pub fn actions(&self, part: Part) -> &'static Actions {
        static NONE: LazyLock<Actions> = LazyLock::new(Actions::new);
        table()
            .iter()
            .find(|(name, of, _)| *name == self.name && *of == part)
            .map_or(&*NONE, |(_, _, found)| found)
    }

    /// The tool and the action that call a method. Deprecated and removed methods have none.
    pub fn action_of(method: &Method) -> Option<(String, &'static str)> {
        let group = Self::of(method.domain);
        let part = Part::of(method.effect);
        let (action, _) = group.actions(part).iter().find(|(_, known)| known.tool == method.tool)?;
        Some((format!("{}_{}", group.name, part.word()), action))
    }
}

/// The domains that a word names: those of a group, or one alone.
///
/// # Errors
/// `invalid_argument` with the nearest words.
pub fn domains(word: &str) -> Result<Vec<Domain>, ToolError> {
    let word = word.trim().to_ascii_lowercase();
    if let Some(group) = GROUPS.iter().find(|group| group.name == word) {
        return Ok(group.domains.to_vec());
    }
    if let Some(domain) = Domain::ALL.iter().find(|domain| domain.as_str() == word) {
        return Ok(vec![*domain]);
    }
    let words: Vec<&str> = words().collect();
    let message = format!("domain: there is no '{word}'; it is one of {}", words.join(", "));
    let nearest = nearest_names(&word, words, 3);
    Err(ToolError::new(Code::InvalidArgument, message).at("domain").with_candidates(nearest))
}

/// The names of the groups, then those of the domains that are no group.
pub fn words() -> impl Iterator<Item = &'static str> {
    let groups = GROUPS.iter().map(|group| group.name);
    let domains = Domain::ALL.iter().map(|domain| domain.as_str());
    groups.chain(domains.filter(|domain| GROUPS.iter().all(|group| group.name != *domain)))
}

type Table = Vec<(&'static str, Part, Actions)>;

/// The actions of every tool, made once.
fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        let each = GROUPS.iter().flat_map(|group| Part::ALL.map(|part| (group, part)));
        each.map(|(group, part)| (group.name, part, actions(group, part))).collect()
    });
    &TABLE
}

/// The current methods of a tool. An action is the method's name, with its class before it where two classes
/// have a method of that name; the whole name is understood everywhere.
fn actions(group: &Group, part: Part) -> Actions {
    let methods: Vec<&'static Method> = catalogue()
        .methods()
        .filter(|method| group.domains.contains(&method.domain) && Part::of(method.effect) == part)
        .filter(|method| matches!(method.status, Status::Current | Status::Undocumented))
        .collect();
    let shared = |method: &Method| methods.iter().filter(|other| other.name == method.name).count() > 1;
    methods
        .iter()
        .map(|method| (if shared(method) { method.tool.clone() } else { bare(method).to_owned() }, *method))
        .collect()
}

/// The name of a method in snake_case, without its class.
fn bare(method: &Method) -> &str {
    let mut class = method.class.chars();
    let mut rest = method.tool.chars();
    // The class in snake_case is its letters and underscores.
    while !class.as_str().is_empty() {
        match rest.next() {
            Some('_') => {}
            Some(_) => drop(class.next()),
            None => return &method.tool,
        }
    }
    rest.as_str().trim_start_matches('_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A domain in no group would have methods that no tool of the standard surface lists.
    #[test]
    fn each_domain_is_in_one_group() {
        for domain in Domain::ALL {
            assert_eq!(1, GROUPS.iter().filter(|group| group.domains.contains(domain)).count(), "{domain}");
        }
    }

    /// Each current method is an action of exactly one tool, whose name says what it does.
    #[test]
    fn each_current_method_is_one_action() {
        let all: usize = table().iter().map(|(_, _, actions)| actions.len()).sum();
        let current = |method: &&Method| matches!(method.status, Status::Current | Status::Undocumented);
        assert_eq!(catalogue().methods().filter(current).count(), all);

        let action = |label: &str| Group::action_of(catalogue().method_by_label(label).expect(label));
        assert_eq!(Some(("timeline_edit".to_owned(), "add_track")), action("Timeline.AddTrack"));
        assert_eq!(
            Some(("timeline_edit".to_owned(), "timeline_item_add_marker")),
            action("TimelineItem.AddMarker")
        );
        assert_eq!(Some(("media_pool_delete".to_owned(), "delete_clips")), action("MediaPool.DeleteClips"));
    }

    /// Groups and domains are both words that people use.
    #[test]
    fn a_group_or_a_domain_is_named() {
        assert_eq!(3, domains("timeline").expect("a group").len());
        assert_eq!(vec![Domain::Audio], domains("audio").expect("a domain"));
        assert_eq!("color", Group::named("gallery").expect("in a group").name);
        let error = domains("colour").expect_err("neither");
        assert_eq!(Some(&"color".into()), error.candidates.first());
    }
}
