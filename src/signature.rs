//! A method in one line, as the rows write it: `Timeline.AddTrack(trackType: TrackType, subTrackType?: …) -> bool`.

use resolve_api::catalogue::Method;
use resolve_api::kind::Param;

/// The form to prefer.
pub fn of(method: &Method) -> String {
    form(method, &method.params, method.variadic.as_deref())
}

/// Every form that still answers, the preferred first.
pub fn forms(method: &Method) -> Vec<String> {
    method.forms().map(|(params, variadic)| form(method, params, variadic)).collect()
}

fn form(method: &Method, params: &[Param], variadic: Option<&Param>) -> String {
    let mut written: Vec<String> = params.iter().map(param).collect();
    written.extend(variadic.map(|rest| format!("*{}: {}", rest.name, rest.kind)));
    format!("{}({}) -> {}", method.label(), written.join(", "), method.returns)
}

fn param(param: &Param) -> String {
    let default = param.default.as_ref().map(|default| format!(" = {default}")).unwrap_or_default();
    let optional = if param.required || !default.is_empty() { "" } else { "?" };
    format!("{}{optional}: {}{default}", param.name, param.kind)
}

#[cfg(test)]
mod tests {
    use resolve_api::catalogue::catalogue;

    use super::*;

    /// An agent that called wrongly corrects itself from this line alone.
    #[test]
    fn a_method_is_one_line() {
        let method = catalogue().method_by_label("Timeline.AddTrack").expect("a row");

        let expected =
            "Timeline.AddTrack(trackType: TrackType, subTrackType: AudioTrackFormat = \"mono\") -> bool";
        assert_eq!(expected, of(method));
        assert_eq!(2, forms(method).len());
    }
}
