//! Which project calls land in, and what is told when that is another one than before.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The database and the project that are open; the texts are Resolve's, absent where it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The name of the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// The name of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The unique id of the project, which tells two of one name apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
}

/// Who brought a change about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A call through this server.
    Called,
    /// Somebody else: a person in Resolve's window, or another program.
    Elsewhere,
    /// Resolve was started anew.
    Resolve,
    /// The interpreter was started anew.
    Interpreter,
}

/// What a look at Resolve has found open, and what led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// What is open.
    pub place: Place,
    /// Who brought it about, should it be something else than before.
    pub cause: Cause,
}

/// Another project or database than before. `Display` is a phrase that goes on a sentence; what to do is
/// [`Change::next_step`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What was open before.
    pub was: Place,
    /// What is open since.
    pub now: Place,
    /// Who brought it about.
    pub cause: Cause,
}

impl Change {
    /// The change between two looks; none where the same project is open.
    pub fn between(was: &Place, now: &Place, cause: Cause) -> Option<Self> {
        let same = was.database == now.database && was.project_id == now.project_id;
        (!same).then(|| Self { was: was.clone(), now: now.clone(), cause })
    }

    fn of_the_database(&self) -> bool {
        self.was.database.is_some() && self.now.database.is_some() && self.was.database != self.now.database
    }

    /// What to do next, in words that go on a hint.
    pub fn next_step(&self) -> String {
        let read = "read the ids of what is open with project_read, media_pool_read or timeline_read";
        if self.of_the_database() {
            let was = self.was.database.as_deref().unwrap_or_default();
            return format!(
                "go back to the database '{was}' with ProjectManager.SetCurrentDatabase and open the project again, or {read}"
            );
        }
        match &self.was.project {
            Some(name) => format!("open '{name}' again with open_project, or {read}"),
            None => read.to_owned(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |name: &Option<String>| match name {
            Some(name) => format!("'{name}'"),
            None => "none".to_owned(),
        };
        let (what, was, now) = if self.of_the_database() {
            ("database", &self.was.database, &self.now.database)
        } else {
            ("project", &self.was.project, &self.now.project)
        };
        let same_name = was.is_some() && was == now;
        let (was, now) = (named(was), if same_name { "another of that name".to_owned() } else { named(now) });
        match self.cause {
            Cause::Called => write!(f, "the open {what} was {was} and is {now} now"),
            Cause::Elsewhere => {
                write!(f, "the open {what} was {was} and is {now} now, which no call of this server has done")
            }
            Cause::Resolve => {
                write!(f, "DaVinci Resolve was started anew; the open {what} was {was} and is {now} now")
            }
            Cause::Interpreter => {
                write!(f, "the interpreter was started anew; the open {what} was {was} and is {now} now")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(database: &str, project: &str) -> Place {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Place { database: text(database), project: text(project), project_id: text(project) }
    }

    fn told(was: Place, now: Place, cause: Cause) -> (String, String) {
        let change = Change::between(&was, &now, cause).expect("it is another");
        (change.to_string(), change.next_step())
    }

    /// Each change has a sentence of its own, and a step that leads back or on.
    #[test]
    fn each_change_says_what_was_and_what_to_do() {
        let film = || place("Local", "Film");

        let (text, step) = told(film(), place("Local", "Spot"), Cause::Elsewhere);
        assert_eq!(
            "the open project was 'Film' and is 'Spot' now, which no call of this server has done",
            text
        );
        assert!(step.starts_with("open 'Film' again with open_project, or read the ids"), "{step}");

        let (text, step) = told(film(), place("Team", "Film"), Cause::Called);
        assert_eq!("the open database was 'Local' and is 'Team' now", text);
        assert!(
            step.starts_with("go back to the database 'Local' with ProjectManager.SetCurrentDatabase"),
            "{step}"
        );

        let (text, _) = told(film(), place("Local", ""), Cause::Resolve);
        assert_eq!("DaVinci Resolve was started anew; the open project was 'Film' and is none now", text);

        let (text, step) = told(place("", ""), film(), Cause::Interpreter);
        assert_eq!("the interpreter was started anew; the open project was none and is 'Film' now", text);
        assert!(step.starts_with("read the ids of what is open"), "{step}");
    }

    /// A Resolve that comes back with the same project has changed nothing: ids are as good as before.
    #[test]
    fn the_same_project_is_no_change() {
        assert_eq!(None, Change::between(&place("Local", "Film"), &place("Local", "Film"), Cause::Resolve));
    }
}
