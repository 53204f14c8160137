//! The render format and codec: by the ids that Resolve takes, from the lists that it gives.

use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::{Guarded, Next, bare_refusal, refused, wrong};

/// Turns names into ids and refuses what is in no list, with the ids that are.
pub(super) fn around(next: Next<'_>, mut call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let word = |place: usize| call.args.get(place).and_then(Value::as_str).map(str::to_owned);
        let (Some(format), Some(codec)) = (word(0), word(1)) else { return next.proceed(call).await };
        let formats = next.ask(Locator::Project, "GetRenderFormats", vec![]).await?;
        let Some(formats) = formats.filter(|formats| formats.as_map().is_some_and(|map| !map.is_empty()))
        else {
            return next.proceed(call).await;
        };
        let Some(extension) = id(&formats, &format) else {
            let reason = format!("'{format}' is no render format here");
            return Err(wrong("args[0]", reason, "use one of the values of GetRenderFormats", ids(&formats)));
        };
        let codecs = next.ask(Locator::Project, "GetRenderCodecs", vec![extension.clone()]).await?;
        let Some(codecs) = codecs.filter(|codecs| codecs.as_map().is_some()) else {
            return next.proceed(call).await;
        };
        if ids(&codecs).is_empty() {
            let reason = format!(
                "Resolve lists no codec for '{format}' and refuses every one; load a render preset that has \
                                  it, or for sound alone use mov with lpcm"
            );
            return Err(refused(&call, reason));
        }
        let Some(codec_id) = id(&codecs, &codec) else {
            let reason = format!("'{codec}' is no codec of '{format}' here");
            return Err(wrong("args[1]", reason, "use one of the values of GetRenderCodecs", ids(&codecs)));
        };
        call.args[0] = extension;
        call.args[1] = codec_id;
        let outcome = next.proceed(call.clone()).await;
        if bare_refusal(&outcome) {
            return Err(refused(
                &call,
                "Resolve lists this format with this codec and refuses the pair all the same; choose another",
            ));
        }
        outcome
    })
}

/// The id that a word means, in a dict from descriptions to ids: an id first, a description else, in any case.
fn id(listed: &Value, word: &str) -> Option<Value> {
    let same = |text: &str| text.eq_ignore_ascii_case(word.trim_start_matches('.'));
    let entries = listed.as_map()?;
    let by_id = entries.values().find(|id| id.as_str().is_some_and(same));
    by_id.or_else(|| entries.iter().find(|(description, _)| same(description)).map(|(_, id)| id)).cloned()
}

fn ids(listed: &Value) -> Vec<Value> {
    listed.as_map().map(|entries| entries.values().cloned().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::script::{Script, reason_of};
    use super::*;

    fn with_formats(codecs: Value) -> Script {
        Script::newest()
            .answers(
                "Project.GetRenderFormats",
                Value::map([("QuickTime", "mov".into()), ("MP4", "mp4".into())]),
            )
            .answers("Project.GetRenderCodecs", codecs)
            .answers("Project.SetCurrentRenderFormatAndCodec", true)
            .answers(
                "Project.GetCurrentRenderFormatAndCodec",
                Value::map([("format", "mov".into()), ("codec", "ProRes422HQ".into())]),
            )
    }

    fn prores() -> Value {
        Value::map([("Apple ProRes 422 HQ", "ProRes422HQ".into()), ("Linear PCM", "lpcm".into())])
    }

    fn set(format: &str, codec: &str) -> MethodCall {
        MethodCall::new(Locator::Project, "SetCurrentRenderFormatAndCodec", [format.into(), codec.into()])
    }

    /// `render.codec-key-value`, `render.format-extension`, `render.codec-drift`: the setter takes ids only; the
    /// descriptions, which change between versions, are turned into them.
    #[tokio::test]
    async fn descriptions_become_ids() {
        for (format, codec) in
            [("QuickTime", "Apple ProRes 422 HQ"), ("mov", "ProRes422HQ"), (".MOV", "prores422hq")]
        {
            let script = with_formats(prores());
            script.guarded(set(format, codec)).await.unwrap();
            let sent = script.arguments("Project.SetCurrentRenderFormatAndCodec");
            assert_eq!(vec![vec![Value::from("mov"), "ProRes422HQ".into()]], sent);
        }
    }

    /// `render.prores-mxf`: no pair is assumed; what is not in the lists is refused with what is.
    #[tokio::test]
    async fn what_is_in_no_list_is_refused() {
        let script = with_formats(prores());
        assert!(
            reason_of(script.guarded(set("mxf", "ProRes422HQ")).await)
                .starts_with("args.format: 'mxf' is no render format")
        );
        assert!(
            reason_of(script.guarded(set("mov", "H265")).await).starts_with("args.codec: 'H265' is no codec")
        );
        assert!(script.arguments("Project.SetCurrentRenderFormatAndCodec").is_empty());
    }

    /// `render.no-codecs`, `render.wav-refused-21`: an empty list means that every value is refused.
    #[tokio::test]
    async fn a_format_without_codecs_is_refused_with_the_way_out() {
        let reason = reason_of(with_formats(Value::map::<&str>([])).guarded(set("mov", "lpcm")).await);
        assert!(reason.contains("use mov with lpcm"), "{reason}");
    }

    /// `render.advertised-refused`: listed, and refused all the same.
    #[tokio::test]
    async fn a_listed_pair_that_is_refused_is_explained() {
        let script = with_formats(prores()).refuses("Project.SetCurrentRenderFormatAndCodec");
        assert!(
            reason_of(script.guarded(set("mov", "lpcm")).await).contains("refuses the pair all the same")
        );
    }
}
