//! Reads the rows: `classes/*.toml` become methods, `kinds/*.toml` enumerations and dict shapes.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::catalogue::{Catalogue, Class, Domain, Effect, Failure, Form, Method, Status, Tag};
use crate::kind::{Kind, Param};
use crate::notation::{self, Notation};
use crate::vocabulary::{Choice, Constant, Dict, Enumeration, Values};

/// The files of `classes/`. A class in two files has its own data in the first.
pub(crate) const CLASSES: &[(&str, &str)] = &[
    ("resolve.toml", include_str!("../classes/resolve.toml")),
    ("project_manager.toml", include_str!("../classes/project_manager.toml")),
    ("project.toml", include_str!("../classes/project.toml")),
    ("project_render.toml", include_str!("../classes/project_render.toml")),
    ("media_storage.toml", include_str!("../classes/media_storage.toml")),
    ("media_pool.toml", include_str!("../classes/media_pool.toml")),
    ("folder.toml", include_str!("../classes/folder.toml")),
    ("media_pool_item.toml", include_str!("../classes/media_pool_item.toml")),
    ("timeline.toml", include_str!("../classes/timeline.toml")),
    ("timeline_clips.toml", include_str!("../classes/timeline_clips.toml")),
    ("timeline_item.toml", include_str!("../classes/timeline_item.toml")),
    ("timeline_item_grade.toml", include_str!("../classes/timeline_item_grade.toml")),
    ("timeline_item_fusion.toml", include_str!("../classes/timeline_item_fusion.toml")),
    ("timeline_item_marks.toml", include_str!("../classes/timeline_item_marks.toml")),
    ("gallery.toml", include_str!("../classes/gallery.toml")),
    ("gallery_still_album.toml", include_str!("../classes/gallery_still_album.toml")),
    ("gallery_still.toml", include_str!("../classes/gallery_still.toml")),
    ("graph.toml", include_str!("../classes/graph.toml")),
    ("color_group.toml", include_str!("../classes/color_group.toml")),
    ("fusion.toml", include_str!("../classes/fusion.toml")),
    ("fusion_comp.toml", include_str!("../classes/fusion_comp.toml")),
    ("fusion_tool.toml", include_str!("../classes/fusion_tool.toml")),
    ("fusion_input.toml", include_str!("../classes/fusion_input.toml")),
    ("fusion_spline.toml", include_str!("../classes/fusion_spline.toml")),
    ("fusion_flow_view.toml", include_str!("../classes/fusion_flow_view.toml")),
];

/// The files of `kinds/`.
pub(crate) const KINDS: &[(&str, &str)] = &[
    ("application.toml", include_str!("../kinds/application.toml")),
    ("markers.toml", include_str!("../kinds/markers.toml")),
    ("media.toml", include_str!("../kinds/media.toml")),
    ("multicam.toml", include_str!("../kinds/multicam.toml")),
    ("audio.toml", include_str!("../kinds/audio.toml")),
    ("captions.toml", include_str!("../kinds/captions.toml")),
    ("timeline.toml", include_str!("../kinds/timeline.toml")),
    ("interchange.toml", include_str!("../kinds/interchange.toml")),
    ("color.toml", include_str!("../kinds/color.toml")),
    ("render.toml", include_str!("../kinds/render.toml")),
    ("cloud.toml", include_str!("../kinds/cloud.toml")),
    ("item_properties.toml", include_str!("../kinds/item_properties.toml")),
    ("project_settings.toml", include_str!("../kinds/project_settings.toml")),
    ("timeline_settings.toml", include_str!("../kinds/timeline_settings.toml")),
    ("clip_properties.toml", include_str!("../kinds/clip_properties.toml")),
    ("clip_metadata.toml", include_str!("../kinds/clip_metadata.toml")),
    ("tasks.toml", include_str!("../kinds/tasks.toml")),
];

#[derive(Deserialize)]
struct ClassFile {
    class: String,
    #[serde(default)]
    doc: String,
    #[serde(default)]
    reached_by: Vec<String>,
    domain: Domain,
    #[serde(default = "current")]
    status: Status,
    #[serde(flatten)]
    methods: IndexMap<String, Row>,
}

fn current() -> Status {
    Status::Current
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    also: Vec<Vec<String>>,
    returns: String,
    failure: Option<Vec<Failure>>,
    effect: Effect,
    domain: Option<Domain>,
    status: Option<Status>,
    #[serde(default)]
    page: Vec<String>,
    page_advised: Option<String>,
    doc: String,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    verify_with: Option<String>,
    alias_of: Option<String>,
    replaced_by: Option<String>,
    deprecated_in: Option<String>,
    since: Option<String>,
    #[serde(default)]
    studio_only: bool,
    extras_pack: Option<String>,
    in_parts: Option<String>,
    goes_on: Option<String>,
    stopped_by: Option<String>,
    tool: Option<String>,
}

/// An enumeration or a dict shape: exactly one of the four lists is there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindRow {
    #[serde(default)]
    doc: String,
    texts: Option<Vec<String>>,
    integers: Option<Vec<String>>,
    constants: Option<Vec<String>>,
    fields: Option<Vec<String>>,
    from: Option<String>,
    #[serde(default)]
    removed: Vec<String>,
    #[serde(default)]
    read_only: Vec<String>,
    #[serde(default)]
    writable: Vec<String>,
    #[serde(default)]
    open: bool,
    since: Option<String>,
}

/// Reads every row; the error names the file and the row.
pub(crate) fn load() -> Result<Catalogue, String> {
    let classes: Vec<(&str, ClassFile)> = parse(CLASSES)?;
    let kinds: Vec<(&str, IndexMap<String, KindRow>)> = parse(KINDS)?;

    // Names first: a row may mention a kind of a file that comes later.
    let mut notation = Notation::default();
    for (file, rows) in &kinds {
        for (name, row) in rows {
            let kind = match (&row.fields, &row.constants) {
                (Some(_), _) => Kind::Dict as fn(String) -> Kind,
                (_, Some(_)) => Kind::Constant,
                _ => Kind::Enum,
            };
            if !notation.define(name, kind) {
                return Err(format!("{file}: there are two kinds {name}"));
            }
        }
    }
    for (file, class) in &classes {
        if !class.doc.is_empty() && !notation.define(&class.class, Kind::Object) {
            return Err(format!("{file}: {} names two things", class.class));
        }
    }

    let mut catalogue = Catalogue::default();
    for (file, rows) in kinds {
        for (name, row) in rows {
            let place = format!("{file}: {name}");
            kind(&mut catalogue, &mut notation, name, row).map_err(|error| format!("{place}: {error}"))?;
        }
    }
    for (file, source) in classes {
        class(&mut catalogue, &mut notation, source).map_err(|error| format!("{file}: {error}"))?;
    }
    catalogue.enumerations.extend(notation.literals);
    catalogue.shrink();
    Ok(catalogue)
}

fn parse<T: for<'de> Deserialize<'de>>(
    files: &[(&'static str, &'static str)],
) -> Result<Vec<(&'static str, T)>, String> {
    files
        .iter()
        .map(|(file, text)| Ok((*file, toml::from_str(text).map_err(|error| format!("{file}: {error}"))?)))
        .collect()
}

fn kind(
    catalogue: &mut Catalogue,
    notation: &mut Notation,
    name: String,
    row: KindRow,
) -> Result<(), String> {
    let values = match (row.fields, row.texts, row.integers, row.constants) {
        (Some(fields), None, None, None) => {
            let KindRow { doc, read_only, writable, open, since, from, .. } = row;
            let mut dict =
                Dict { name: name.clone(), doc, fields: Vec::new(), read_only, writable, open, since };
            let source = match from {
                Some(from) => {
                    Some(catalogue.dicts.get(&from).ok_or_else(|| format!("there is no {from} above"))?)
                }
                None => None,
            };
            for text in &fields {
                add_field(&mut dict, notation, text, source)?;
            }
            catalogue.dicts.insert(name, dict);
            return Ok(());
        }
        (None, Some(texts), None, None) => Values::Texts(texts.iter().map(|text| choice(text)).collect()),
        (None, None, Some(numbers), None) => {
            Values::Integers(numbers.iter().map(|text| integer(text)).collect::<Result<_, _>>()?)
        }
        (None, None, None, Some(constants)) => {
            let current = constants.iter().map(|text| constant(text, false));
            let removed = row.removed.iter().map(|text| constant(text, true));
            Values::Constants(current.chain(removed).collect::<Result<_, _>>()?)
        }
        _ => return Err("exactly one of fields, texts, integers, constants is needed".into()),
    };
    let KindRow { doc, open, since, .. } = row;
    catalogue.enumerations.insert(name.clone(), Enumeration { name, doc, values, open, since });
    Ok(())
}

/// A field, or the name alone of a field of `source`.
fn add_field(
    dict: &mut Dict,
    notation: &mut Notation,
    text: &str,
    source: Option<&Dict>,
) -> Result<(), String> {
    let copied = source.filter(|_| !text.contains(':'));
    let Some(source) = copied else {
        dict.fields.push(notation.param(text)?);
        return Ok(());
    };
    let field = source.field(text).ok_or_else(|| format!("{} has no field {text}", source.name))?;
    dict.fields.push(field.clone());
    for (from, to) in [(&source.read_only, &mut dict.read_only), (&source.writable, &mut dict.writable)] {
        if from.iter().any(|name| name == text) {
            to.push(text.to_owned());
        }
    }
    Ok(())
}

/// `BI — both ways`
fn choice(text: &str) -> Choice {
    let (value, doc) = notation::split_doc(text);
    Choice { value: value.to_owned(), doc: doc.to_owned() }
}

/// `1 — picture only`
fn integer(text: &str) -> Result<(i64, String), String> {
    let (value, doc) = notation::split_doc(text);
    let number = value.parse().map_err(|_| format!("'{value}' is not a whole number"))?;
    Ok((number, doc.to_owned()))
}

/// `EXPORT_AAF = 0`, `COMPOSITE_ADD ~ 1` for an inferred number, `AUDIO_SYNC_IN (21.1)` for one that is dated.
fn constant(text: &str, removed: bool) -> Result<Constant, String> {
    let (head, doc) = notation::split_doc(text);
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| format!("'{text}' is not a number"));
    let (head, stated, inferred) = if let Some((head, value)) = head.split_once('=') {
        (head, Some(number(value)?), None)
    } else if let Some((head, value)) = head.split_once('~') {
        (head, None, Some(number(value)?))
    } else {
        (head, None, None)
    };
    let (name, since) = match head.trim().split_once(" (") {
        Some((name, since)) => (name, Some(since.trim_end_matches(')').to_owned())),
        None => (head.trim(), None),
    };
    Ok(Constant { name: name.to_owned(), doc: doc.to_owned(), stated, inferred, since, removed })
}

fn class(catalogue: &mut Catalogue, notation: &mut Notation, source: ClassFile) -> Result<(), String> {
    let ClassFile { class: name, doc, reached_by, domain, status, methods } = source;
    let class = catalogue.classes.entry(name.clone()).or_insert_with(|| Class {
        name: name.clone(),
        doc,
        reached_by,
        methods: IndexMap::new(),
    });
    for (method, row) in methods {
        let label = format!("{name}.{method}");
        let read =
            read(notation, &name, &method, row, domain, status).map_err(|why| format!("{label}: {why}"))?;
        if class.methods.insert(method, read).is_some() {
            return Err(format!("there are two rows {label}"));
        }
    }
    Ok(())
}

fn read(
    notation: &mut Notation,
    class: &str,
    name: &str,
    row: Row,
    domain: Domain,
    status: Status,
) -> Result<Method, String> {
    let form = form(notation, &row.args)?;
    let overloads = row.also.iter().map(|args| self::form(notation, args)).collect::<Result<_, _>>()?;
    let (returns, returns_doc) = notation.kind(&row.returns)?;
    Ok(Method {
        tool: row.tool.unwrap_or_else(|| format!("{}_{}", snake(class), snake(name))),
        class: class.to_owned(),
        name: name.to_owned(),
        domain: row.domain.unwrap_or(domain),
        effect: row.effect,
        status: row.status.unwrap_or(status),
        params: form.params,
        variadic: form.variadic,
        overloads,
        failure: row.failure.unwrap_or_else(|| vec![usual_failure(&returns)]),
        returns,
        returns_doc,
        page_required: row.page,
        page_advised: row.page_advised,
        doc: row.doc,
        notes: row.notes,
        tags: row.tags,
        verify_with: row.verify_with,
        replaced_by: row
            .replaced_by
            .or_else(|| row.alias_of.clone().filter(|_| row.status == Some(Status::Deprecated))),
        alias_of: row.alias_of,
        deprecated_in: row.deprecated_in,
        since: row.since,
        studio_only: row.studio_only,
        extras_pack: row.extras_pack,
        in_parts: row.in_parts,
        goes_on: row.goes_on,
        stopped_by: row.stopped_by,
    })
}

fn form(notation: &mut Notation, args: &[String]) -> Result<Form, String> {
    let mut params = args.iter().map(|arg| notation.param(arg)).collect::<Result<Vec<Param>, _>>()?;
    let variadic = params.last().and_then(notation::variadic);
    if variadic.is_some() {
        params.pop();
    }
    Ok(Form { params, variadic: variadic.map(Box::new) })
}

/// What a failure looks like where a row does not say it.
fn usual_failure(returns: &Kind) -> Failure {
    match returns {
        Kind::Bool => Failure::False,
        Kind::List(_) => Failure::EmptyList,
        Kind::Dict(_) | Kind::Map(..) => Failure::EmptyDict,
        _ => Failure::None,
    }
}

/// `GetMediaPoolItem` to `get_media_pool_item`, `SetCDL` to `set_cdl`, `SetLUT` to `set_lut`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        let after_small = at > 0 && !letters[at - 1].is_uppercase();
        let before_small = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && at > 0 && (after_small || before_small) {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row of every file can be read; without this a typo in a row would end the server at its start.
    #[test]
    fn reads_every_row() {
        assert_eq!(load().map(|_| ()), Ok(()));
    }

    /// A kind that is two things at once, or none, is a slip in a file and is named as one.
    #[test]
    fn a_kind_is_one_thing() {
        for row in ["", "texts = ['a']\nfields = []"] {
            let row = toml::from_str(row).unwrap();
            assert!(kind(&mut Catalogue::default(), &mut Notation::default(), "Both".into(), row).is_err());
        }
    }
}
